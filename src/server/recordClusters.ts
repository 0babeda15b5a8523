import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { parseLine } from '../core/record/parseRecord';
import { formatCount } from '../core/scores/format';
import { MinHash } from '../core/selection/nearDuplicates/minHash';
import { NearDuplicateIndex } from '../core/selection/nearDuplicates/nearDuplicateIndex';
import { recordText } from '../core/selection/nearDuplicates/recordText';
import { jaccard } from '../core/selection/nearDuplicates/sets';
import { shingles } from '../core/selection/nearDuplicates/shingles';
import type { RecordSummary } from '../languageService/datasetView';
import type { ClusterMember, RecordCluster } from '../protocol/lsp';
import type { DatasetWork } from './datasetWork';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';

/** Records this alike are near-duplicates. */
const threshold = 0.8;
/** More than anybody goes through. */
const maximumMembers = 1000;
/** How long an index is kept after it was used last: it takes some 500 bytes a record. */
const restMs = 60_000;

export interface ClusterOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (percent: number, message: string) => void;
}

/** An open file and what reads it. */
export interface ReadableFile {
  readonly dataset: OpenDataset;
  readonly work: Pick<DatasetWork, 'readAll'>;
}

/** The records of one file by what they say. Filled when somebody asks; records that are edited away stay until it is let go. */
interface RecordIndex {
  readonly index: NearDuplicateIndex;
  /** Record keys; a record's id is its place among them. */
  readonly keys: string[];
  readonly ids: Map<string, number>;
}

/** Finds the records of an open file that are the same as, or nearly the same as, one of them. */
export class RecordClusters {
  readonly #hash = new MinHash();
  readonly #rest: number;
  #indexes = new WeakMap<OpenDataset, RecordIndex>();
  #letGo: NodeJS.Timeout | undefined;

  constructor(rest = restMs) {
    this.#rest = rest;
  }

  /** True while the file's records are kept ready for the next question. */
  holds(dataset: OpenDataset): boolean {
    return this.#indexes.has(dataset);
  }

  /**
   * The record itself, those that say the same, and then, most alike first, those with the same prompt and those of which four
   * fifths of the word 5-grams agree. Null when the line holds no record.
   *
   * @throws ResponseError `ContentModified` when the text changes meanwhile; what was read until then is kept.
   */
  async find({ dataset, work }: ReadableFile, line: number, { signal, onProgress }: ClusterOptions): Promise<RecordCluster | null> {
    const { version } = dataset;
    const pauses = new Pauses();
    const breathe = async () => {
      await pauses.breathe(signal);
      if (dataset.version !== version) throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed meanwhile: ask again.');
    };
    this.#stay();
    try {
      await work.readAll();
      await breathe();
      const own = recordAt(dataset, line);
      if (!own) return null;
      const index = this.#indexOf(dataset);
      for (let at = 0; at < dataset.lineCount; at++) {
        const summary = recordAt(dataset, at);
        if (summary && !index.ids.has(summary.key)) this.#learn(index, summary.key, setOf(dataset, at));
        onProgress?.((100 * at) / dataset.lineCount, `line ${formatCount(at + 1)} of ${formatCount(dataset.lineCount)}`);
        await breathe();
      }
      const set = setOf(dataset, line);
      const alike = new Set(index.index.candidates(this.#hash.signature(set)).map((id) => index.keys[id]));
      const similarities = new Map<string, number>([[own.key, 1]]);
      const members: ClusterMember[] = [];
      for (let at = 0; at < dataset.lineCount; at++) {
        const summary = recordAt(dataset, at);
        const samePrompt = summary?.promptKey === own.promptKey;
        if (summary && (samePrompt || alike.has(summary.key))) {
          const similarity = similarities.get(summary.key) ?? jaccard(set, setOf(dataset, at));
          similarities.set(summary.key, similarity);
          const kind = at === line ? 'self' : summary.key === own.key ? 'same' : samePrompt ? 'prompt' : 'near';
          if (kind !== 'near' || similarity >= threshold) members.push({ line: at, kind, similarity, title: summary.title });
        }
        await breathe();
      }
      members.sort((a, b) => place(a) - place(b) || b.similarity - a.similarity || a.line - b.line);
      return { version, members: members.slice(0, maximumMembers), more: Math.max(0, members.length - maximumMembers) };
    } finally {
      this.#rested();
    }
  }

  dispose(): void {
    clearTimeout(this.#letGo);
  }

  #indexOf(dataset: OpenDataset): RecordIndex {
    let index = this.#indexes.get(dataset);
    // Edits leave records behind that are in the file no longer.
    if (!index || index.keys.length > 2 * dataset.recordCount + 1000) {
      index = { index: new NearDuplicateIndex(), keys: [], ids: new Map() };
      this.#indexes.set(dataset, index);
    }
    return index;
  }

  #learn({ index, keys, ids }: RecordIndex, key: string, set: Uint32Array): void {
    const id = keys.length;
    keys.push(key);
    ids.set(key, id);
    // What says nothing is like nothing.
    if (set.length > 0) index.add(id, this.#hash.signature(set));
  }

  #stay(): void {
    clearTimeout(this.#letGo);
  }

  #rested(): void {
    clearTimeout(this.#letGo);
    this.#letGo = setTimeout(() => (this.#indexes = new WeakMap()), this.#rest);
    this.#letGo.unref();
  }
}

function recordAt(dataset: OpenDataset, line: number): RecordSummary | undefined {
  const summary = dataset.summary(line);
  return summary?.status === 'ok' ? summary : undefined;
}

function setOf(dataset: OpenDataset, line: number): Uint32Array {
  const parsed = parseLine(dataset.lineText(line));
  return parsed.status === 'ok' ? shingles(recordText(parsed.record)) : new Uint32Array(0);
}

function place({ kind }: ClusterMember): number {
  return kind === 'self' ? 0 : kind === 'same' ? 1 : 2;
}
