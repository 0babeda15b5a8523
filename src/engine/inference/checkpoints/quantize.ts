import { CheckpointError } from './checkpointError';
import type { LinearWeight } from './graphs/linear';
import { readBytes } from './weights';
import { widen } from './widen';

/** A matrix in integers, one scale an output: weight[i, o] ≈ values[i · outputs + o] · scales[o]. */
export interface QuantizedMatrix {
  readonly inputs: number;
  readonly outputs: number;
  readonly values: Int8Array<ArrayBuffer>;
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * Values lie in −63..63: where a processor adds two products of an 8-bit activation and a weight in 16 bits, as x86 before
 * VNNI does, 127 would overflow (mean error .17 nats a token on a tiny trained GPT-2, with 63 .013).
 */
const largest = 63;
/** Numbers of a matrix that are widened at a time. */
const blockNumbers = 2 ** 22;

/** Rejects with a `CheckpointError` when a weight is not a finite number. */
export async function quantize({ tensor, layout }: Pick<LinearWeight, 'tensor' | 'layout'>): Promise<QuantizedMatrix> {
  const [rows = 0, columns = 0] = tensor.shape;
  const [inputs, outputs] = layout === 'inputs-first' ? [rows, columns] : [columns, rows];
  const matrix = { inputs, outputs, values: new Int8Array(inputs * outputs), scales: new Float32Array(outputs) };
  const blockRows = Math.max(1, Math.floor(blockNumbers / Math.max(1, columns)));
  const blocks = async function* () {
    for (let from = 0; from < rows; from += blockRows) {
      const numbers = widen(tensor.type, await readBytes(tensor, from, Math.min(rows, from + blockRows)));
      yield { from, numbers };
    }
  };
  if (layout === 'outputs-first') {
    for await (const { from, numbers } of blocks()) quantizeOutputs(matrix, numbers, from);
  } else {
    for await (const { numbers } of blocks()) raiseScales(matrix.scales, numbers);
    for await (const { from, numbers } of blocks()) quantizeInputs(matrix, numbers, from);
  }
  if (!matrix.scales.every(Number.isFinite)) throw new CheckpointError(`${tensor.file}: "${tensor.name}" holds NaN or infinities; fetch it again, or choose another model.`);
  return matrix;
}

/** Whole outputs lie together, each with its own scale; they are turned into columns, a few at a time to stay near each other in memory. */
function quantizeOutputs({ inputs, outputs, values, scales }: QuantizedMatrix, numbers: Float32Array, first: number): void {
  const count = numbers.length / inputs;
  const inverse = new Float64Array(64);
  for (let start = 0; start < count; start += 64) {
    const end = Math.min(count, start + 64);
    for (let row = start; row < end; row++) {
      let peak = 0;
      for (let i = row * inputs; i < (row + 1) * inputs; i++) peak = larger(peak, numbers[i] ?? 0);
      scales[first + row] = peak / largest;
      inverse[row - start] = inverted(peak / largest);
    }
    for (let input = 0; input < inputs; input++) {
      for (let row = start; row < end; row++) values[input * outputs + first + row] = Math.round((numbers[row * inputs + input] ?? 0) * (inverse[row - start] ?? 0));
    }
  }
}

function raiseScales(scales: Float32Array, numbers: Float32Array): void {
  const outputs = scales.length;
  for (let start = 0; start < numbers.length; start += outputs) {
    for (let output = 0; output < outputs; output++) scales[output] = larger(scales[output] ?? 0, (numbers[start + output] ?? 0) / largest);
  }
}

function quantizeInputs({ outputs, values, scales }: QuantizedMatrix, numbers: Float32Array, first: number): void {
  const inverse = Float64Array.from(scales, inverted);
  for (let start = 0; start < numbers.length; start += outputs) {
    for (let output = 0; output < outputs; output++) values[first * outputs + start + output] = Math.round((numbers[start + output] ?? 0) * (inverse[output] ?? 0));
  }
}

/** The larger magnitude; NaN once there was one. */
function larger(peak: number, value: number): number {
  const magnitude = value < 0 ? -value : value;
  return magnitude <= peak ? peak : Number.isNaN(peak) ? peak : magnitude;
}

function inverted(scale: number): number {
  return scale === 0 ? 0 : 1 / scale;
}
