import type { CodeAction, Diagnostic, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { partArray } from '../../core/record/json/partArray';
import { repairJson } from '../../core/record/json/repair';
import { formatCount } from '../../core/scores/format';
import { arrayFile } from '../brokenLines';
import type { DatasetView } from '../datasetView';
import { brokenUnits, editsOf, fewEdits, textOf, type BrokenUnit } from './brokenUnits';
import { repairTitle, whyNotRepaired } from './repairTitles';

export const fixAllKind = 'source.fixAll.cupel';

/** The `data` of an action whose edit is made when it is chosen. Lines 0-based, both included. */
export interface RepairPlan {
  readonly repair: 'cupel';
  readonly uri: string;
  readonly version: number;
  readonly from: number;
  readonly to: number;
  /** Only what is broken in this way. */
  readonly cause?: string;
}

export interface Repaired {
  readonly edit: WorkspaceEdit;
  readonly repaired: number;
  readonly broken: number;
  /** Of the first that could not be repaired: its 0-based line and why. */
  readonly left?: { readonly line: number; readonly reason: string };
}

/** Longer ones are repaired when the action is chosen, not when the menu opens. */
const atOnce = 1_000_000;
/** How many units are tried for a title that says how many of them can be repaired. */
const tried = { units: 100, characters: 500_000 };

/** Quick fixes for what is broken on the lines `[from, to]`; `diagnostics` are those the editor shows there. */
export function repairRecords(view: DatasetView, from: number, to: number, diagnostics: readonly Diagnostic[] = []): CodeAction[] {
  if (!touchesBroken(view, from, to)) return [];
  const units = brokenUnits(view);
  const touched = units.filter((unit) => unit.from <= to && unit.to >= from);
  const [unit] = touched;
  if (unit === undefined) return [];
  const fixed = diagnostics.filter(({ code, range }) => (code === 'broken-json' || code === 'array-file' || code === 'not-an-object') && touched.some((one) => one.from <= range.end.line && one.to >= range.start.line));
  const common = { kind: 'quickfix', ...(fixed.length > 0 && { diagnostics: fixed }) };
  if (touched.length > 1) {
    return [{ ...common, title: `Repair ${share(view, touched, 'these')} lines`, data: plan(view, from, to) }, ...wholeFile(view, units, touched, undefined, common)];
  }
  return [...oneUnit(view, unit, common), ...wholeFile(view, units, touched, unit.cause, common)];
}

/** What repairs the whole file, for editors that do so when it is saved. */
export function repairOnSave(view: DatasetView): CodeAction[] {
  return [{ title: 'Repair broken lines', kind: fixAllKind, data: plan(view, 0, view.lineCount - 1) }];
}

/**
 * Carries out a plan as one edit, as far as nothing has to be guessed. Yields between lines, and between the elements of an
 * array, so that the work can be done in slices.
 */
export function* carryOut(view: DatasetView, { from, to, cause }: RepairPlan): Generator<void, Repaired> {
  const edits: TextEdit[] = [];
  let repaired = 0;
  let broken = 0;
  let left: Repaired['left'];
  for (const unit of brokenUnits(view)) {
    if (unit.to < from || unit.from > to || (cause !== undefined && unit.cause !== cause)) continue;
    broken += 1;
    const made = unit.cause === 'array' ? yield* partUnit(view, unit) : repairUnit(view, unit);
    if (typeof made === 'string') left ??= { line: unit.from, reason: made };
    else {
      repaired += 1;
      for (const edit of made) edits.push(edit);
    }
    yield;
  }
  return { edit: workspaceEdit(view, edits), repaired, broken, ...(left && { left }) };
}

export function isRepairPlan(data: unknown): data is RepairPlan {
  return typeof data === 'object' && data !== null && 'repair' in data && data.repair === 'cupel';
}

function oneUnit(view: DatasetView, unit: BrokenUnit, common: Pick<CodeAction, 'kind' | 'diagnostics'>): CodeAction[] {
  if (unit.cause === 'array') return [{ ...common, title: 'Write each element on its own line', isPreferred: true, data: plan(view, unit.from, unit.to) }];
  const title = unit.from === unit.to ? 'Repair this line' : 'Repair these lines';
  if (unit.from === unit.to && view.lineText(unit.from).length > atOnce) return [{ ...common, title, isPreferred: true, data: plan(view, unit.from, unit.to) }];
  const text = textOf(view, unit);
  const repair = repairJson(text);
  if (repair) return [{ ...common, title: repairTitle(repair.causes), isPreferred: true, edit: workspaceEdit(view, editsOf(unit, text, repair.changes)) }];
  const closed = repairJson(text, { close: true });
  if (closed) return [{ ...common, title: 'Close the cut-off record', edit: workspaceEdit(view, editsOf(unit, text, closed.changes)) }];
  return [{ ...common, title, disabled: { reason: whyNotRepaired(unit.cause) } }];
}

/** The same for the whole file, where more is broken than what is touched. */
function wholeFile(view: DatasetView, units: readonly BrokenUnit[], touched: readonly BrokenUnit[], cause: string | undefined, common: Pick<CodeAction, 'kind' | 'diagnostics'>): CodeAction[] {
  if (units.length <= touched.length) return [];
  const last = view.lineCount - 1;
  const alike = cause === undefined ? [] : units.filter((unit) => unit.cause === cause);
  const actions: CodeAction[] = [];
  if (cause !== undefined && alike.length > 1 && alike.length < units.length) {
    actions.push({ ...common, title: `Repair ${share(view, alike, 'all')} lines like this`, data: { ...plan(view, 0, last), cause } });
  }
  return [...actions, { ...common, title: `Repair ${share(view, units, 'all')} broken lines`, data: plan(view, 0, last) }];
}

/** `all 12`; `10 of 12` where so many can be repaired, unless trying would take long. */
function share(view: DatasetView, units: readonly BrokenUnit[], whole: 'all' | 'these'): string {
  const everything = `${whole} ${formatCount(units.length)}`;
  if (units.length > tried.units) return everything;
  let characters = 0;
  let repaired = 0;
  for (const unit of units) {
    for (let line = unit.from; line <= unit.to; line++) characters += view.lineText(line).length;
    if (characters > tried.characters) return everything;
    if (unit.cause === 'array' || repairJson(textOf(view, unit))) repaired += 1;
  }
  return repaired === units.length ? everything : `${repaired} of ${whole === 'these' ? 'these ' : ''}${units.length}`;
}

function repairUnit(view: DatasetView, unit: BrokenUnit): TextEdit[] | string {
  const text = textOf(view, unit);
  const repair = repairJson(text);
  return repair ? editsOf(unit, text, repair.changes) : whyNotRepaired(unit.cause);
}

function* partUnit(view: DatasetView, unit: BrokenUnit): Generator<void, TextEdit[] | string> {
  const text = textOf(view, unit);
  const parted = yield* partArray(text);
  if (!('brokenAt' in parted)) return editsOf(unit, text, parted);
  const line = unit.from + text.slice(0, parted.brokenAt).split('\n').length;
  return `The array itself is broken on line ${formatCount(line)}: correct that first.`;
}

/** Whether one of the lines could be part of something broken; a quick look before a thorough one. */
function touchesBroken(view: DatasetView, from: number, to: number): boolean {
  // The menu may open before the file has been read.
  for (let line = from; line <= Math.min(to, from + 1000); line++) if (view.summary(line) === undefined) view.parsed(line);
  return brokenNearby(view, Math.max(0, from - 100), to) || arrayFile(view) !== undefined;
}

function brokenNearby(view: DatasetView, from: number, to: number): boolean {
  for (let line = from; line <= Math.min(to, from + 10_000); line++) if (view.summary(line)?.status === 'invalid') return true;
  return false;
}

function plan(view: DatasetView, from: number, to: number): RepairPlan {
  return { repair: 'cupel', uri: view.uri, version: view.version, from, to };
}

function workspaceEdit(view: DatasetView, edits: TextEdit[]): WorkspaceEdit {
  return { documentChanges: [{ textDocument: { uri: view.uri, version: view.version }, edits: fewEdits(view, edits) }] };
}
