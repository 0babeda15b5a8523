import { quoteShort } from '../../core/record/shapes/fields';
import { shapeTitle } from '../../core/record/shapes/shapes';
import { formatCount } from '../../core/scores/format';
import { BrokenRuns } from '../brokenLines';
import type { DatasetView, RecordSummary } from '../datasetView';
import { lineNumber } from '../lineNumber';
import type { Finding } from './finding';
import { severityOf } from './severity';

type Found = Omit<Finding, 'severity'> & { readonly severity?: Finding['severity'] };

/** Finds what is wrong with the lines read so far, line by line in their order, then `end` once. Rules that are off find nothing. */
export class FileFindings {
  readonly #view: DatasetView;
  readonly #usual: RecordSummary['shape'] | undefined;
  readonly #runs: BrokenRuns;
  readonly #prompts = new Map<string, number>();
  readonly #fields = new Map<string, { readonly line: number; count: number }>();
  readonly #oneToken: boolean;

  constructor(view: DatasetView) {
    this.#view = view;
    this.#usual = usualShape(view);
    this.#runs = new BrokenRuns(view);
    this.#oneToken = (view.distribution('length.tokens')?.[0] ?? 2) <= 1;
  }

  line(line: number): readonly Finding[] {
    const found = this.#found(line);
    // Most lines, millions of them, have no finding or one.
    const [only, another] = found;
    return only === undefined || another !== undefined ? found.flatMap((one) => this.#judged(one)) : this.#judged(only);
  }

  /** What only the whole file shows. */
  end(): readonly Finding[] {
    const records = formatCount(this.#view.recordCount);
    return [...this.#fields].flatMap(([name, { line, count }]) =>
      this.#judged({ line, rule: 'unknown-field', message: `No shape reads the field ${quoteShort(name)}: it is in ${formatCount(count)} of ${records} records.`, path: [name], weight: count }),
    );
  }

  #judged(found: Found): readonly Finding[] {
    const severity = severityOf(this.#view.settings, found.rule, found.severity);
    return severity === 'off' ? none : [{ ...found, severity }];
  }

  #found(line: number): readonly Found[] {
    const summary = this.#view.summary(line);
    if (summary === undefined || summary.status === 'empty') return none;
    if (summary.status === 'invalid') return this.#broken(line) ?? [{ line, rule: summary.rule, message: summary.message, ...(summary.span && { span: summary.span }) }];
    const found: Found[] = [];
    for (const { rule, message, severity, path } of this.#view.findings(line)) found.push({ line, rule, message, severity, ...(path && { path }) });
    for (const { rule, message, path, part } of summary.problems) {
      // A slip of the pen loses a text, a column of one's own does not.
      found.push({ line, rule, message, ...(rule === 'unknown-field' && { severity: 'warning' }), ...(path && { path }), ...(part && { part }) });
    }
    if (summary.replaced) found.push({ line, rule: 'not-utf8', message: 'The line holds U+FFFD (�), which stands for bytes that could not be read: was the file saved in another encoding than UTF-8?' });
    if (this.#oneToken && this.#view.responseTokens(line) === 1) found.push({ line, rule: 'one-token-response', message: oneTokenMessage });
    if (this.#usual !== undefined && summary.shape !== this.#usual) found.push(mixedShape(line, summary, this.#usual));
    for (const name of summary.extraFields) this.#count(name, line);
    const again = this.#again(line, summary);
    if (again) found.push(again);
    return found.length > 0 ? found : none;
  }

  /** A run is reported once, on its first line. Undefined when the line is in none. */
  #broken(line: number): readonly Found[] | undefined {
    const run = this.#runs.at(line);
    if (!run) return undefined;
    return line === run.from ? [{ line, rule: run.rule, message: run.message, span: { start: 0, end: this.#view.lineText(line).length } }] : none;
  }

  #count(name: string, line: number): void {
    const known = this.#fields.get(name);
    if (known) known.count += 1;
    else if (this.#fields.size < mostFields) this.#fields.set(name, { line, count: 1 });
  }

  /** The same record, or the same prompt with another response, further up. */
  #again(line: number, { key, promptKey }: RecordSummary): Found | undefined {
    const view = this.#view;
    const first = this.#prompts.get(promptKey);
    if (first === undefined) {
      this.#prompts.set(promptKey, line);
      return undefined;
    }
    const twin = view.duplicate(line);
    if (twin && twin.line < line) {
      const message = `The same conversation stands on line ${lineNumber(view, twin.line)}${andMore(twin.more)}.`;
      return { line, rule: 'duplicate-record', message, weight: twin.more + 2, others: () => view.sameRecord(line).filter((other) => other !== line) };
    }
    const message = `The prompt of line ${lineNumber(view, first)} stands here with another response.`;
    return { line, rule: 'duplicate-prompt', message, others: () => view.samePrompt(line).filter((other) => !sameKey(view, other, key)) };
  }
}

const none: readonly Finding[] = [];
/** More names than these are no columns. */
const mostFields = 200;

export const oneTokenMessage = 'The response is one token long: IFD is undefined, and there is next to nothing to learn from it.';

function andMore(more: number): string {
  return more > 0 ? ` and ${formatCount(more)} more` : '';
}

function sameKey(view: DatasetView, line: number, key: string): boolean {
  const summary = view.summary(line);
  return summary?.status === 'ok' && summary.key === key;
}

/** The most common shape of a file that mixes several; of two that are equally common the same one whatever was read first. */
function usualShape(view: DatasetView): RecordSummary['shape'] | undefined {
  if (view.shapes.size < 2) return undefined;
  return [...view.shapes].reduce((best, other) => (other[1] > best[1] || (other[1] === best[1] && other[0] < best[0]) ? other : best))[0];
}

function mixedShape(line: number, { shape }: RecordSummary, usual: RecordSummary['shape']): Found {
  return { line, rule: 'mixed-shapes', message: `This record has the shape ${shapeTitle(shape)} in a file of mostly ${shapeTitle(usual)}: most trainers read one shape a file.` };
}
