/**
 * Numbers as people read them beside a record: no leading zero, two significant digits, thousands as `1.2k`.
 * Whole numbers below 1,000 stay whole.
 */

/** Below this a score says nothing more: it is shown as less than it. */
const smallest = 0.001;

/** `412`, `1.2k`, `.81`, `.80`, `-.31`, `1.3`, `12`, `.0034`, `<.001`. `∅` for a score that is undefined. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '∅';
  const size = Math.abs(value);
  if (size >= 999.5) return withSign(value, thousands(size));
  if (size >= 99.5 || Number.isInteger(value)) return String(Math.round(value));
  if (size < smallest) return value < 0 ? '>-.001' : '<.001';
  return withSign(value, twoDigits(size).replace(/^0\./u, '.'));
}

/** A change: `+.31`, `-.09`, `±0` for one that is too small to matter. */
export function formatChange(value: number | undefined): string {
  if (value !== undefined && Math.abs(value) < smallest) return '±0';
  const text = formatNumber(value);
  return text.startsWith('-') || text === '∅' ? text : `+${text}`;
}

/** Group digits for whole counts in sentences: `23,995`. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** `1 line`, `2,140 lines`; nouns that take an s. */
export function formatAmount(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function thousands(size: number): string {
  const units = ['', 'k', 'M', 'G', 'T'];
  let unit = 0;
  let rest = size;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${rest < 99.5 ? withoutZeros(twoDigits(rest)) : String(Math.round(rest))}${units[unit] ?? ''}`;
}

/** Plain decimals, never an exponent; zeros at the end stay, so that columns of numbers line up. */
function twoDigits(size: number): string {
  const rounded = Number(size.toPrecision(2));
  return rounded.toFixed(Math.max(0, 1 - Math.floor(Math.log10(rounded))));
}

function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+$/u, '$1').replace(/\.$/u, '').replace(/^0\./u, '.');
}

function withSign(value: number, text: string): string {
  return value < 0 ? `-${text}` : text;
}
