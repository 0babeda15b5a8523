import type { ScorerCheck, ScorerEntry, ScorerKind } from '../../protocol/lsp';
import { shownModel } from '../scorers/scorerText';

/** `unchecked`: nothing has been loaded or called to find out. */
export type ScorerState = 'ready' | 'unchecked' | 'missing' | 'unreachable' | 'broken';

export type ScorerAction = 'use' | 'check' | 'download';

/** One model in the Scorers view, in words; what it looks like is the view's business. */
export interface ScorerRow {
  readonly kind: ScorerKind;
  readonly model: string;
  readonly label: string;
  readonly description: string;
  readonly active: boolean;
  readonly state: ScorerState;
  /** Plain lines, the first one the title. They hold names and sentences of servers: not to be shown as Markdown. */
  readonly tooltip: readonly string[];
  /** The name under which the hub has it, when a download can help. */
  readonly download?: string;
  readonly actions: readonly ScorerAction[];
}

export const kindTitles: Readonly<Record<ScorerKind, { readonly title: string; readonly scores: string }>> = {
  loss: { title: 'Loss', scores: 'IFD, IC-IFD, CAR' },
  reward: { title: 'Reward', scores: 'reward, CAR' },
};

/** `check` is what trying the model gave, if that was done. */
export function scorerRow(kind: ScorerKind, entry: ScorerEntry, check: ScorerCheck | undefined): ScorerRow {
  const { model, active } = entry;
  const id = entry.id ?? (check?.ok === true ? check.id : undefined);
  const problem = entry.problem ?? (check?.ok === false ? check.reason : undefined);
  const download = entry.download ?? (check?.ok === false ? check.download : undefined);
  const state = stateOf(entry, check);
  const label = shownModel(model);
  const detail = (check?.ok === true ? check.detail : undefined) ?? entry.detail;
  return {
    kind,
    model,
    label,
    description: [active ? 'in use' : undefined, stateNotes[state], entry.estimate ? 'estimate' : undefined, shortId(id, label)].filter((part) => part !== undefined).join(' · '),
    active,
    state,
    tooltip: [
      `${label}${active ? `, in use for ${kindTitles[kind].scores}` : ''}`,
      ...(id === undefined ? [] : [`Scores carry the id ${id}.`]),
      ...(detail === undefined ? [] : [detail]),
      ...(entry.agreement === undefined ? [] : [`${entry.estimate ? 'An estimate: ' : 'Agreement: '}${entry.agreement}`]),
      problem ?? stateSentences[state],
    ],
    ...(download !== undefined && { download }),
    actions: [...(active ? [] : (['use'] as const)), 'check', ...(download === undefined ? [] : (['download'] as const))],
  };
}

/** `@1f2e3d4c/superfiltering` behind the name that it begins with: the side bar is narrow. */
function shortId(id: string | undefined, label: string): string | undefined {
  if (id === label) return undefined;
  return id?.startsWith(`${label}@`) ? id.slice(label.length) : id;
}

function stateOf({ model, problem, download }: ScorerEntry, check: ScorerCheck | undefined): ScorerState {
  if (problem !== undefined) return download === undefined ? 'broken' : 'missing';
  if (check?.ok === false) {
    if (check.download !== undefined) return 'missing';
    return asksServer(model) ? 'unreachable' : 'broken';
  }
  return check !== undefined || model === 'embedded' ? 'ready' : 'unchecked';
}

function asksServer(model: string): boolean {
  return /^(vllm|sglang|tgi|tei|judge):/.test(model);
}

const stateNotes: Readonly<Record<ScorerState, string | undefined>> = {
  ready: undefined,
  unchecked: undefined,
  missing: 'not on this machine',
  unreachable: 'cannot be asked',
  broken: 'cannot score',
};

const stateSentences: Readonly<Record<ScorerState, string>> = {
  ready: 'Ready.',
  unchecked: 'Not checked yet: nothing is loaded or called before you ask for it.',
  missing: 'Not on this machine.',
  unreachable: 'It cannot be asked.',
  broken: 'It cannot score.',
};
