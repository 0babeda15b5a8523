import type { ShapeId } from '../conversation';
import { alpaca } from './alpaca';
import { magpie } from './magpie';
import { messages } from './messages';
import { preference } from './preference';
import { promptCompletion } from './promptCompletion';
import { queryResponse } from './queryResponse';
import { selfInstruct } from './selfInstruct';
import { sharegpt } from './sharegpt';
import type { JsonObject, Shape } from './shape';

/**
 * In the order of detection: the first that matches a record reads it. A shape stands before those whose fields it also
 * has: a pair of responses before everything, as any prompt may come with it; lists of turns before single fields, as
 * Magpie and TRL keep `instruction` or `prompt` beside them; `instances` and `query` before `instruction`, which they
 * may carry; `instruction` before `prompt`, which generators keep as a note of what was sent.
 */
export const shapes: readonly Shape[] = [preference, messages, sharegpt, selfInstruct, queryResponse, magpie, alpaca, promptCompletion];

export function detectShape(root: JsonObject): Shape | undefined {
  return shapes.find((shape) => shape.matches(root));
}

/** The name of a shape for people. */
export function shapeTitle(id: ShapeId): string {
  return shapes.find((shape) => shape.id === id)?.title ?? id;
}
