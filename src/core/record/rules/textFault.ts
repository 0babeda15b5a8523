/** Something odd inside a text, in UTF-16 units of it. */
export interface TextFault {
  /** One sentence; of the text it quotes no more than a few visible characters. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** `U+200B` */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
