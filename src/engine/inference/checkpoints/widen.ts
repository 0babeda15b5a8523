import type { WeightType } from './safetensors';

/** Little-endian bytes of that type as single precision; both 16-bit types widen without loss. */
export function widen(type: WeightType, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  if (type === 'F32') return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const bits = new Uint32Array(halves.length);
  if (type === 'BF16') {
    for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  } else {
    for (let i = 0; i < halves.length; i++) bits[i] = singleBits(halves[i] ?? 0);
  }
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16 to the bits of binary32. */
function singleBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: shift the leading one into place.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
