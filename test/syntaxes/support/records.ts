const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });

/** A record of every shape, in every spelling that is read. */
export const records: Readonly<Record<string, object>> = {
  alpaca: { id: 's01', instruction: 'Say "hi".', input: 'to Ada\n', output: 'Hi, Ada.', ifd_ppl: 0.61, reward: -1.25, source: 'hand', kept: true },
  'alpaca with history': { system: 'Be brief.', history: [['Hi', 'Hello'], ['Bye', 'See you']], instruction: 'Translate.', input: null, output: 'House' },
  messages: { messages: [{ role: 'system', content: 'Be brief.' }, user('Rain?'), { role: 'assistant', content: null, tool_calls: [{ id: 'x', function: { name: 'rain', arguments: '{}' } }] }, { role: 'tool', content: 'yes' }, assistant('It rains.')], score: 4 },
  'messages with parts': { messages: [{ role: 'developer', content: 'Be brief.' }, user([{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: 'x' } }, 'bare']), assistant([{ type: 'text', value: 'A cat' }])] },
  sharegpt: { id: 'x', system: 'Be brief.', conversations: [human('Rain?'), { from: 'function_call', value: '{"name": "rain"}' }, { from: 'observation', value: 'yes' }, gpt('It rains.')] },
  'sharegpt pairs': { conversation: [{ human: 'a', assistant: 'b' }, { human: 'c', assistant: 'd' }] },
  'prompt and completion': { prompt: 'a', completion: 'b', label: false },
  'prompt and completion as turns': { prompt: [user('a')], completion: [assistant('b')] },
  'prompt and response': { prompt: 'a', response: 'b' },
  'query and response': { system: 's', history: [['q', 'r']], query: 'a', response: 'b' },
  'instruction and query': { instruction: 'i', query: 'a', response: 'b' },
  'question and answer': { system_prompt: 's', question: 'a', answer: 'b' },
  magpie: { instruction: 'a', response: 'b', instruct_reward: -7.5, input_quality: 'good' },
  'magpie with several responses': { instruction: 'a', responses: ['b', 'c "d"'] },
  'self instruct': { instruction: 'Add.', instances: [{ input: '1+1', output: '2' }, { input: '', output: '4' }], is_classification: false },
  preference: { prompt: 'a', chosen: 'b', rejected: 'c', score_chosen: 8.5, score_rejected: 2 },
  'preference as turns': { prompt: [user('a')], chosen: [assistant('b')], rejected: [assistant('c')] },
  'preference as conversations': { chosen: [user('a'), assistant('b')], rejected: [user('a'), assistant('c')] },
  'preference as single turns': { conversations: [human('a')], chosen: gpt('b'), rejected: gpt('c') },
  'preference of responses': { question: 'a', chosen_response: 'b', rejected_response: 'c' },
  'preference of messages': { chosen_messages: [user('a'), assistant('b')], rejected_messages: [user('a'), assistant('c')] },
  'preference of conversations': { chosen_conversations: [human('a'), gpt('b')], rejected_conversations: [human('a'), gpt('c')] },
  'preference beside input': { input: { messages: [user('a')], tools: [], parallel_tool_calls: true }, preferred_output: [assistant('b')], non_preferred_output: [assistant('c')] },
  'preference beside messages': { messages: [user('a'), assistant('b')], rejected_response: 'c' },
};
