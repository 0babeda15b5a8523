// Damaged copies of a response, all decided by a seed.

/** Uniform in 0..1; mulberry32. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const damages = {
  /** Cut inside a word somewhere in the second third. */
  truncated: (text, random) => {
    const at = Math.floor(text.length * (0.35 + 0.4 * random()));
    return text.slice(0, Math.max(1, at));
  },
  /** UTF-8 read as Latin-1, or characters swapped and replaced. */
  corrupted: (text, random) => {
    if (random() < 0.5) {
      const marks = ['Ã©', 'â€™', 'Ã¼', '\ufffd', 'Â '];
      return [...text].map((c) => (random() < 0.04 ? marks[Math.floor(random() * marks.length)] : c)).join('') + marks[0];
    }
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    return [...text].map((c) => (/[a-z]/i.test(c) && random() < 0.12 ? letters[Math.floor(random() * 26)] : c)).join('');
  },
  /** The same words in another order. */
  scrambled: (text, random) => {
    const words = text.split(/\s+/);
    for (let i = words.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [words[i], words[j]] = [words[j], words[i]];
    }
    return words.join(' ');
  },
  /** The text, or its last sentence, several times over. */
  repeated: (text, random) => {
    if (random() < 0.5) return Array(2 + Math.floor(random() * 3)).fill(text).join(random() < 0.5 ? ' ' : '\n');
    const last = text.split(/(?<=[.!?])\s+/).filter((s) => s !== '').at(-1) ?? text;
    return `${text} ${Array(3 + Math.floor(random() * 5)).fill(last).join(' ')}`;
  },
};
