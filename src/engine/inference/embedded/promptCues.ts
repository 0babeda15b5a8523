/** What a prompt asks for, read from its first characters in lower case. Several can hold at once; all are guesses from words. */
export interface PromptCues {
  readonly list: boolean;
  readonly rewrite: boolean;
  readonly classify: boolean;
  readonly short: boolean;
  readonly create: boolean;
  readonly explain: boolean;
  readonly code: boolean;
  /** Ends with a question mark. */
  readonly question: boolean;
}

const cueLimit = 600;

export function promptCues(prompt: string): PromptCues {
  const ask = prompt.slice(0, cueLimit).toLowerCase();
  return {
    list: asksList.test(ask),
    rewrite: asksRewrite.test(ask),
    classify: asksClass.test(ask),
    short: asksShort.test(ask),
    create: asksCreate.test(ask),
    explain: asksExplain.test(ask),
    code: asksCode.test(ask),
    question: /\?\s{0,8}$/u.test(prompt.slice(-16)),
  };
}

const asksList = /\b(?:list|name|give (?:me )?(?:\w+ )?(?:examples|ideas|tips)|top \d+|suggest|brainstorm|recommend|steps)\b/u;
const asksRewrite =
  /\b(?:rewrite|rephrase|paraphrase|edit|correct|fix|convert|change|transform|translate|reword|improve|revise|replace|reorder|rearrange|insert|delete|remove|add)\b/u;
const asksClass =
  /\b(?:classify|categori[sz]e|identify|determine|detect|label|decide|is (?:this|the|it)|true or false|which|choose|select|sort|rank|compare|find|extract|pick)\b/u;
const asksShort = /\b(?:what is|who|when|where|how many|how much|calculate|compute|solve|word|synonym|antonym|title|headline|name)\b/u;
const asksCreate =
  /\b(?:write|create|compose|generate|story|poem|essay|letter|email|design|invent|imagine|construct|develop|come up)\b/u;
const asksExplain =
  /\b(?:explain|describe|discuss|why|how do|how does|how can|what are|summari[sz]e|analy[sz]e|outline|elaborate|tell me|provide)\b/u;
const asksCode = /\b(?:code|function|program|python|java|sql|html|css|javascript|regex|query|algorithm|script)\b/u;
