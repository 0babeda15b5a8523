import { firstIndex } from '../core/scores/summary';

/** A score's distribution in one glance, with one record's place in it: an SVG image, and the same as text. */

export interface Bars {
  readonly counts: readonly number[];
  /** Index of the bar that holds the record. */
  readonly here: number;
}

/**
 * Equal-width bins between the 1st and 99th percentile, what lies outside in the outermost ones: a few extreme records
 * would otherwise squeeze all others into one bar.
 *
 * @param sorted ascending, finite, at least one value.
 */
export function barsOf(sorted: ArrayLike<number>, value: number, bins: number): Bars {
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))] ?? 0;
  const high = sorted[Math.ceil(0.99 * (sorted.length - 1))] ?? 0;
  const binOf = (x: number) => (high > low ? Math.min(bins - 1, Math.max(0, Math.floor(((x - low) / (high - low)) * bins))) : x < low ? 0 : x > high ? bins - 1 : bins >> 1);
  const counts = new Array<number>(bins).fill(0);
  let index = 0;
  for (let bin = 0; bin < bins; bin++) {
    const end = firstIndex(sorted, (x) => binOf(x) > bin);
    counts[bin] = end - index;
    index = end;
  }
  return { counts, here: binOf(value) };
}

const blocks = '▁▂▃▄▅▆▇█';

/** `▁▂▇█▕▅▂▁`: a line stands before the record's bar. */
export function histogramText({ counts, here }: Bars): string {
  const highest = Math.max(1, ...counts);
  const bars = counts.map((count) => blocks.charAt(Math.min(7, Math.floor((count / highest) * 7.999)))).join('');
  return `${bars.slice(0, here)}▕${bars.slice(here)}`;
}

/** Middle tones that stand out from a light and from a dark background alike. */
const barColour = '#8b949e';
const hereColour = '#d9730d';
const barHeight = 12;

/** A data URI of an image `8 · bars` wide and 16 high: no higher than a line of text; the record's bar is coloured and carries a mark below. */
export function histogramImage({ counts, here }: Bars): string {
  const highest = Math.max(1, ...counts);
  const rects = counts.map((count, index) => {
    const height = count === 0 ? 0 : Math.max(1, Math.round((count / highest) * barHeight));
    return `<rect x="${index * 8}" y="${barHeight - height}" width="7" height="${height}" fill="${index === here ? hereColour : barColour}"/>`;
  });
  const middle = here * 8 + 3.5;
  const mark = `<path d="M${middle} ${barHeight + 1}l3 3h-6z" fill="${hereColour}"/>`;
  const width = counts.length * 8;
  return `data:image/svg+xml;base64,${base64(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="16" viewBox="0 0 ${width} 16">${rects.join('')}${mark}</svg>`)}`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Of ASCII text; `btoa` and `Buffer` are not for this floor. */
function base64(ascii: string): string {
  let encoded = '';
  for (let index = 0; index < ascii.length; index += 3) {
    const [a, b, c] = [ascii.charCodeAt(index), ascii.charCodeAt(index + 1) || 0, ascii.charCodeAt(index + 2) || 0];
    const four = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63];
    const kept = Math.min(4, ascii.length - index + 1);
    encoded += four.map((bits, place) => (place < kept ? alphabet.charAt(bits) : '=')).join('');
  }
  return encoded;
}
