import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * The first 128 bits of SHA-256 as 32 hex digits.
 *
 * `text` must be well-formed UTF-16: lone surrogates would all encode to U+FFFD. Callers that hash
 * dataset text pass `JSON.stringify` output, which escapes them.
 */
export function hash128(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)).subarray(0, 16));
}
