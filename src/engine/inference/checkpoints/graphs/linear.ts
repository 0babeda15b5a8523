import type { StoredTensor } from '../safetensors';
import type { OnnxGraph } from './onnxGraph';

/** A weight matrix to multiply rows by. */
export interface LinearWeight {
  readonly tensor: StoredTensor;
  /** GPT-2 stores [inputs, outputs], everyone else [outputs, inputs]. */
  readonly layout: 'inputs-first' | 'outputs-first';
  /** [outputs] */
  readonly bias?: StoredTensor;
}

/** Adds "rows times matrix plus bias" to a graph: [rows, inputs] → [rows, outputs]. */
export type Linear = (graph: OnnxGraph, rows: string, weight: LinearWeight) => string;

/** In single precision. */
export const linear: Linear = (graph, rows, { tensor, layout, bias }) =>
  graph.node('Gemm', [rows, graph.weight(tensor), ...(bias === undefined ? [] : [graph.weight(bias)])], { attributes: { transB: layout === 'outputs-first' ? 1 : 0 } });
