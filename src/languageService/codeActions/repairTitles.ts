import type { RepairCause } from '../../core/record/json/repairText';

/** What a repair does, by what it mends; in the words of a menu. */
const deeds: Readonly<Record<RepairCause, string>> = {
  'bad-escape': 'write escapes as JSON does',
  'bare-word': 'write the value as JSON does',
  'byte-order-mark': 'remove the byte-order mark',
  'comment': 'remove the comment',
  'concatenated': 'write each record on its own line',
  'control-character': 'escape control characters',
  'cut-off': 'close the brackets',
  'cut-off-text': 'close the text',
  'extra-bracket': 'remove the extra bracket',
  'extra-comma': 'remove the extra comma',
  'foreign-number': 'write numbers as JSON does',
  'foreign-word': 'write null, true and false as JSON does',
  'line-break': 'write line breaks as \\n',
  'missing-colon': 'add the missing colon',
  'missing-comma': 'add the missing comma',
  'missing-value': 'add the missing value',
  'odd-space': 'write plain spaces',
  'single-quotes': 'write straight double quotes',
  'spread': 'write the record on one line',
  'text-after-record': 'remove what follows the record',
  'trailing-comma': 'remove the trailing comma',
  'unescaped-quote': 'escape quotation marks in the text',
  'unquoted-name': 'write names in double quotes',
};

/** `Repair: remove the trailing comma`; what else it does is counted. */
export function repairTitle(causes: readonly RepairCause[]): string {
  const [first, second, ...more] = causes;
  if (first === undefined) return 'Repair this line';
  if (second === undefined) return `Repair: ${deeds[first]}`;
  return `Repair: ${deeds[first]}, ${deeds[second]}${more.length > 0 ? `, and ${more.length} more` : ''}`;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['bare-word', 'A value without quotation marks could be a text or a mistyped word: write it as JSON by hand.'],
  ['comment', 'The comment takes the rest of the line along: remove it by hand.'],
  ['foreign-number', 'What number was meant cannot be known: write it as JSON by hand.'],
  ['missing-value', 'What value is missing cannot be known: write it by hand, or drop the line.'],
  ['single-quotes', 'Where the text in these quotation marks ends cannot be known: write it by hand.'],
  ['text-after-record', 'Whether the text after the record belongs to it cannot be known: correct it by hand.'],
  ['unescaped-quote', 'Where the text with quotation marks in it ends cannot be known: write \\" for those inside by hand.'],
]);

/** Why a line with this fault was not repaired. */
export function whyNotRepaired(cause: string | undefined): string {
  return (cause === undefined ? undefined : reasons.get(cause)) ?? 'What was meant here cannot be known: correct the line by hand, or drop it.';
}
