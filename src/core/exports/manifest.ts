import type { SelectionRule } from '../selection/rule';
import type { SelectionStep } from '../selection/selection';

/** What lies beside every file that Cupel writes: enough to say where its lines come from and to make the same bytes again. */
export interface Manifest {
  readonly tool: { readonly name: 'cupel'; readonly version: string };
  /** ISO 8601. */
  readonly time: string;
  readonly input: FileFact;
  readonly output: FileFact & { readonly records: number; readonly format: string };
  /** Absent when every record was taken. */
  readonly rule?: SelectionRule;
  readonly scorers: { readonly loss?: string; readonly reward?: string; readonly tokenizer?: string };
  /** CAR's, where scores by CAR were used. */
  readonly beta?: number;
  readonly offset?: number;
  /** What was left after each step, from reading to writing. */
  readonly steps: readonly SelectionStep[];
  readonly tieRule?: string;
  readonly seed?: number;
  /** Why records were left out, most common first. */
  readonly dropped: readonly DroppedReason[];
}

export interface FileFact {
  /** The file's name without its folders. */
  readonly name: string;
  /** 64 hex digits over its bytes. */
  readonly sha256: string;
}

export interface DroppedReason {
  readonly reason: string;
  readonly records: number;
}

export interface ManifestFacts {
  readonly version: string;
  readonly time: Date;
  readonly input: FileFact;
  readonly output: FileFact;
  /** Records written. */
  readonly records: number;
  /** An export format's id, or `lines` for lines copied byte for byte. */
  readonly format: string;
  readonly selection?: { readonly rule: SelectionRule; readonly steps: readonly SelectionStep[]; readonly tieRule: string };
  readonly scorers?: Manifest['scorers'];
  readonly car?: { readonly beta: number; readonly offset: number | undefined };
  /** Records by reason. */
  readonly dropped?: ReadonlyMap<string, number>;
  /** Records read, for an export without a selection. */
  readonly total: number;
}

export function buildManifest(facts: ManifestFacts): Manifest {
  const { selection, car } = facts;
  const steps = selection?.steps ?? [{ step: 'all records', records: facts.total }];
  return {
    tool: { name: 'cupel', version: facts.version },
    time: facts.time.toISOString(),
    input: facts.input,
    output: { ...facts.output, records: facts.records, format: facts.format },
    ...(selection && { rule: selection.rule }),
    scorers: facts.scorers ?? {},
    ...(car && { beta: car.beta, ...(car.offset !== undefined && { offset: car.offset }) }),
    steps: [...steps, { step: 'written', records: facts.records }],
    ...(selection && { tieRule: selection.tieRule }),
    ...(selection?.rule.kind === 'random' && { seed: selection.rule.seed }),
    dropped: countedReasons(facts.dropped ?? new Map<string, number>()),
  };
}

/** Most common first, then by reason. */
export function countedReasons(reasons: ReadonlyMap<string, number>): DroppedReason[] {
  return [...reasons]
    .map(([reason, records]) => ({ reason, records }))
    .sort((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1));
}
