import { fail, ok, type Result } from '../base/result';

/** Numbers as people type them into an input box; the reason says what is wanted. */

export function readNumber(text: string): Result<number> {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isFinite(value) ? ok(value) : fail('A number, such as 0.5');
}

/** At least 1; `1,000` and `1 000` are understood. */
export function readWhole(text: string): Result<number> {
  const digits = text.replaceAll(/[\s,_]/g, '');
  const value = Number(digits);
  return /^\d+$/.test(digits) && value >= 1 && Number.isSafeInteger(value) ? ok(value) : fail('A whole number of records, such as 1000');
}

/** `1000` is a number of records, `10 %` a share of them all. */
export function readAmount(text: string): Result<{ readonly count: number } | { readonly rate: number }> {
  const percent = /^\s*([\d.]+)\s*%\s*$/.exec(text)?.[1];
  if (percent === undefined) {
    const count = readWhole(text);
    return count.ok ? ok({ count: count.value }) : fail('A number of records such as 1000, or a share such as 10 %');
  }
  const rate = Number(percent) / 100;
  return rate > 0 && rate <= 1 ? ok({ rate }) : fail('A share above 0 % and at most 100 %');
}
