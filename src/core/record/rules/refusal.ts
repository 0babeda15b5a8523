import type { TextFault } from './textFault';

/** Openings are short: what stands further on is the answer's own matter. */
const openingLength = 160;

const cannot = String.raw`(?:can(?:no|'|’)t|can not|am (?:not able|unable)|(?:'|’)m (?:not able|unable)|won(?:'|’)t|will not|do(?:n(?:'|’)t| not) (?:have|feel comfortable|possess)|must (?:decline|refuse)|have to decline|decline)`;
/** What an assistant says it cannot do; "I can't believe" and "I cannot wait" are no refusals. */
const doing = String.raw`(?:(?:directly|personally|actually|really|help|to) )*(?:assist|help|fulfill?|comply|provide|create|generate|write|answer|do|complete|engage|support|offer|give|produce|perform|discuss|respond|access|browse|share|make|participate|continue|recommend|predict|determine|play|show|tell|draw|translate|with|you with|that|this|the ability|access)\b`;

/** Each language's way to begin. Anchored: one failed look at the first letters ends most tests. */
const openings: readonly RegExp[] = [
  new RegExp(String.raw`^(?:(?:I(?:'|’)m|I am|We are|We(?:'|’)re) )?(?:(?:very|so|really|truly|deeply|terribly) )?(?:sorry|afraid)(?:,|\.|:|;)? (?:but )?(?:(?:that )?I|as an? (?:AI|artificial|language|large))(?:,? as an AI[^.,]{0,40},? I)?(?: |(?='|’))?${cannot}?`, 'i'),
  new RegExp(String.raw`^I apologi[sz]e[^.]{0,60}[,.] (?:but )?I ?${cannot}`, 'i'),
  /^(?:unfortunately, )?as an? (?:AI|artificial intelligence|large language model|language model|chatbot|virtual assistant)\b[^.]{0,60}?,? I(?:(?:'|’)m (?:not|unable)| am (?:not|unable)| do(?: not|n(?:'|’)t)| can(?:not|(?:'|’)t| not)| have no\b| lack\b| won(?:'|’)t| will not)/i,
  new RegExp(String.raw`^(?:Unfortunately,? )?(?:but )?I(?: |(?='|’))${cannot} ${doing}`, 'i'),
  /^(?:es )?tut mir (?:sehr )?leid, (?:aber )?(?:ich kann|das kann ich|dabei kann ich|als )|^als (?:ein )?(?:KI|künstliche Intelligenz|Sprachmodell)/i,
  /^(?:je suis )?(?:vraiment )?désolée?, (?:mais )?(?:je ne (?:peux|suis|puis)|en tant)|^en tant qu(?:e modèle|['’](?:IA|intelligence artificielle|assistant))/i,
  /^lo siento, (?:pero )?(?:no puedo|como )|^como (?:una? )?(?:modelo de lenguaje|IA|inteligencia artificial)\b/i,
  /^mi dispiace, (?:ma )?(?:non posso|come )|^come (?:un )?(?:modello linguistico|IA|intelligenza artificiale)\b/i,
  /^(?:sinto muito|desculpe|lamento), (?:mas )?(?:eu )?(?:não posso|não consigo|como )|^como (?:um )?modelo de linguagem/i,
  /^(?:извините|к сожалению|простите)[,:]? (?:но )?(?:я не могу|как )|^как (?:языковая модель|искусственный интеллект|ИИ)/i,
  /^(?:很?抱歉|对不起|對不起|不好意思)[，,、。]?\s?(?:但是?|可是)?我(?:不能|无法|無法|没有|沒有|不会)|^作为(?:一个|一種|一种)?(?:AI|人工智能|语言模型)/i,
  /^(?:申し訳(?:ありません|ございません)|すみません)が?[、。][^。]{0,60}(?:できません|できかねます|お答え)|^AI(?:言語モデル)?として/i,
  /^(?:죄송하지만|죄송합니다)[^.]{0,60}(?:수 없습니다|없습니다|어렵습니다)|^(?:AI|인공지능) (?:언어 )?모델로서/i,
];

/** One look for what every opening has, before all of them are tried. */
const cues = /^[ "'‘“*]*(?:no output|this |I(?: am|['’]m| apolog| can| won| will not| do| must| have to| decline)|We(?: are|['’]re)|sorry|afraid|unfortunately|as an? |but |(?:es )?tut |als |(?:je )?(?:suis )?(?:vraiment )?d[eé]sol|en tant|lo siento|como |mi dispiace|come |sinto|desculpe|lamento|[\u0080-\uffff]|ai|죄)/i;

/** "I'm sorry" alone is a phrase of every letter: without the inability it is no refusal. */
const sorryAlone = /^(?:(?:I(?:'|’)m|I am|We are|We(?:'|’)re) )?(?:(?:very|so|really|truly|deeply|terribly) )?(?:sorry|afraid)/i;
const inability = new RegExp(String.raw`^[^.]{0,80}?(?:\bI(?: |(?='|’))${cannot}|as an? (?:AI|artificial|language|large))`, 'i');

/** The first two letters of the openings in Latin letters: most responses begin otherwise, and are told by that alone. */
const beginnings: ReadonlySet<number> = new Set(
  ['i ', "i'", 'i\u2019', 'we', 'so', 'si', 'un', 'as', 'bu', 'es', 'tu', 'al', 'je', 'su', 'vr', 'd\u00e9', 'de', 'en', 'lo', 'co', 'mi', 'la', 'ai', 'no', 'af'].map((two) => twoUnits(two)),
);

function mayBegin(text: string): boolean {
  const first = text.charCodeAt(0);
  // Other scripts, quotation marks and blanks are left to the pattern; "This", not "The".
  if (first > 0x7f || first < 0x41) return true;
  return beginnings.has(twoUnits(text)) || ((first | 0x20) === 0x74 && text.charCodeAt(2) === 0x69);
}

function twoUnits(text: string): number {
  const second = text.charCodeAt(1);
  return (text.charCodeAt(0) | 0x20) * 0x10000 + (second >= 0x41 && second <= 0x5a ? second | 0x20 : second);
}

/** Undefined when the text does not begin as a refusal does. */
export function findRefusal(text: string): TextFault | undefined {
  if (!mayBegin(text) || !cues.test(text)) return undefined;
  const skipped = text.search(/[^\s"'‘“*]/u);
  const opening = text.slice(skipped, skipped + openingLength);
  const found = openings.find((pattern) => pattern.test(opening));
  if (found === undefined || (sorryAlone.test(opening) && !inability.test(opening))) return instructed(text);
  const end = opening.search(/[.!。！\n]/u);
  return { message, start: skipped, end: skipped + (end < 0 ? opening.length : end) };
}

const message = 'The response begins as a refusal does: a model learns to refuse from it.';

/** Alpaca's generator was told to say so: "This instruction cannot be completed by a GPT language model." "No output because …" */
function instructed(text: string): TextFault | undefined {
  if (text.length > 200 || !text.includes('GPT lang')) return undefined;
  return /\b(?:cannot|can't|not possible|not able|unable)\b/.test(text) ? { message, start: 0, end: text.length } : undefined;
}
