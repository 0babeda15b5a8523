import type { QuantizedMatrix } from '../quantize';
import type { StoredTensor } from '../safetensors';
import type { Linear } from './linear';
import type { OnnxGraph } from './onnxGraph';

/** Rows divided by their largest magnitude, and those magnitudes [rows, 1]. */
interface LevelRows {
  readonly level: string;
  readonly peaks: string;
}

/** Under which name the runtime is given a quantised matrix. */
export function quantizedName(tensor: StoredTensor): string {
  return `int8:${tensor.name}`;
}

/**
 * In 8-bit integers: weights with a scale for each output, activations with one for each row, found as the graph runs. The
 * runtime's operator knows one scale for all rows; dividing each by its peak first keeps a token with large activations (the
 * first one, in many models) from costing all others their precision.
 */
export function int8Linear(matrices: ReadonlyMap<StoredTensor, QuantizedMatrix>): Linear {
  const levelled = new WeakMap<OnnxGraph, Map<string, LevelRows>>();
  return (graph, rows, { tensor, bias }) => {
    const matrix = matrices.get(tensor);
    if (matrix === undefined) throw new Error(`"${tensor.name}" was not quantised.`);
    const known = levelled.get(graph) ?? new Map<string, LevelRows>();
    levelled.set(graph, known);
    const { level, peaks } = known.get(rows) ?? addLevel(graph, rows);
    known.set(rows, { level, peaks });
    const { inputs, outputs, values, scales } = matrix;
    const name = quantizedName(tensor);
    const integers = graph.external(name, 'int8', [inputs, outputs], { file: name, offset: 0, bytes: values.byteLength });
    const product = graph.node('DynamicQuantizeMatMul', [level, integers, graph.constant(scales, [outputs])], { domain: 'com.microsoft' });
    const scaled = graph.node('Mul', [product, peaks]);
    return bias === undefined ? scaled : graph.node('Add', [scaled, graph.weight(bias)]);
  };
}

function addLevel(graph: OnnxGraph, rows: string): LevelRows {
  const magnitudes = graph.node('ReduceMax', [graph.node('Abs', [rows])], { attributes: { axes: [1], keepdims: 1 } });
  // A row of zeros stays one.
  const peaks = graph.node('Max', [magnitudes, graph.constant(Float32Array.of(1e-30), [1])]);
  return { level: graph.node('Div', [rows, peaks]), peaks };
}
