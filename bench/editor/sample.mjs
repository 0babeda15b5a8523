/** A generator of numbers in [0, 1), the same ones in every run. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words = 'the of and to in is that it for as with was on be by this are from at which or an have not they one all we can has more when will would there their what about out up into than them other time some could these two may then do first any my now such like our over man even most made after also did many before must through years where much your way well down should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since against go came right used take three'.split(' ');
const others = ['naïve café', '数据集', 'вопрос', '“quoted”', '🙂', 'Größe', 'मॉडल', '→'];

/**
 * Alpaca records, lines of about `bytes / records`: one in fifty holds letters beyond ASCII, one in a hundred stands twice.
 * @returns the lines, the same ones for the same seed.
 */
export function sample({ records, bytes, seed }) {
  const random = seeded(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const text = (length, strange) => {
    let sentence = '';
    while (sentence.length < length) sentence += `${sentence === '' ? '' : random() < 0.08 ? '. ' : ' '}${strange && random() < 0.2 ? pick(others) : pick(words)}`;
    return sentence;
  };
  const size = bytes / records - 55;
  const lines = [];
  while (lines.length < records) {
    if (lines.length > 0 && random() < 0.01) {
      lines.push(pick(lines));
      continue;
    }
    const strange = random() < 0.02;
    const share = 0.4 + random() * 1.2;
    lines.push(JSON.stringify({ instruction: text(size * share * 0.25, strange), input: random() < 0.4 ? text(size * share * 0.1, false) : '', output: text(size * share * 0.71, strange) }));
  }
  return lines;
}
