import type { DataRecord, RecordProblem, Span } from './conversation';
import { findFault } from './json/fault';
import type { FaultCause } from './json/faultCauses';
import { findDuplicateKeys } from './json/duplicateKeys';
import { code, countProperties, scanStructure } from './json/structure';
import { buildRecord } from './buildRecord';
import { whyNoShape, whyNotAnObject } from './notARecord';
import { isObject } from './shapes/shape';
import { detectShape } from './shapes/shapes';

/** Why a line is no record. */
export type InvalidRule = 'broken-json' | 'not-an-object' | 'unknown-shape' | 'too-deep' | 'too-long';

export interface InvalidLine {
  readonly status: 'invalid';
  readonly rule: InvalidRule;
  /** One sentence that names the remedy. */
  readonly message: string;
  /** Where in the line; the whole line when absent. */
  readonly span?: Span;
  /** Of broken JSON: what probably went wrong. */
  readonly cause?: FaultCause;
}

export type ParsedLine =
  | { readonly status: 'ok'; readonly record: DataRecord }
  | { readonly status: 'empty' }
  | InvalidLine;

/** 64 Mi UTF-16 units: a longer line is not parsed. */
export const maxLineLength = 64 * 1024 * 1024;
/** Deeper brackets than these are no record's, and would overflow whatever walks them. */
const maxDepth = 1000;

/**
 * Reads one line of a dataset, without its end of line; a byte-order mark before it is passed over.
 * Never throws, whatever the text. Spans count from the start of `text`.
 */
export function parseLine(text: string): ParsedLine {
  if (text.length > maxLineLength) {
    return { status: 'invalid', rule: 'too-long', message: `The line has ${text.length} characters; more than ${maxLineLength} are not read. Split the record, or remove it.` };
  }
  const json = text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
  if (isBlank(json)) return { status: 'empty' };
  const structure = scanStructure(json, maxDepth);
  if (structure.tooDeep) {
    return { status: 'invalid', rule: 'too-deep', message: `Brackets are nested more than ${maxDepth} deep, which no record needs: remove the value, or store it as a string.` };
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    const { cause, message, span } = findFault(json);
    const shift = text.length - json.length;
    return { status: 'invalid', rule: 'broken-json', cause, message, span: { start: span.start + shift, end: span.end + shift } };
  }
  const duplicates = countProperties(value) === structure.properties ? [] : findDuplicateKeys(json);
  const record = readRecord(value, duplicates);
  return 'status' in record ? record : { status: 'ok', record };
}

/**
 * Reads an already parsed value: an element of a JSON array, a row of a table. Never throws.
 * `known` are problems of its text, which the value no longer shows.
 */
export function readRecord(value: unknown, known: readonly RecordProblem[] = []): DataRecord | InvalidLine {
  if (!isObject(value)) return { status: 'invalid', rule: 'not-an-object', message: whyNotAnObject(value) };
  const shape = detectShape(value);
  return shape === undefined ? { status: 'invalid', rule: 'unknown-shape', message: whyNoShape(value) } : buildRecord(value, shape, known);
}

const byteOrderMark = 0xfeff;

function isBlank(json: string): boolean {
  return json.charCodeAt(0) !== code.openBrace && json.trim() === '';
}
