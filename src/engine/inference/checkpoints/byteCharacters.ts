/** GPT-2 writes each byte as a character: printable Latin-1 as itself, the other 68 as those from U+0100 on. */
const characterOfByte: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
})();

const byteOfCharacter: ReadonlyMap<number, number> = new Map(characterOfByte.map((character, byte) => [character.charCodeAt(0), byte]));

const encoder = new TextEncoder();

/** The UTF-8 of a text, a character a byte. */
export function writeBytes(text: string): string {
  let written = '';
  for (const byte of encoder.encode(text)) written += characterOfByte[byte] ?? '';
  return written;
}

/** The bytes that `written` stands for; `undefined` when it is not of those characters. */
export function readBytes(written: string): Uint8Array | undefined {
  const bytes = new Uint8Array(written.length);
  for (let i = 0; i < written.length; i++) {
    const byte = byteOfCharacter.get(written.charCodeAt(i));
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
