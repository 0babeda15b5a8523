import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ChatForm } from '../../../../src/engine/inference/checkpoints/chatForm';
import { type ChatTemplate, readChatTemplate } from '../../../../src/engine/inference/checkpoints/chatTemplate';
import { loadCheckpointTokenizer } from '../../../../src/engine/inference/checkpoints/checkpointTokenizer';

const fixtures = path.join(import.meta.dirname, '../../../fixtures/chat');
const recorded = z
  .array(z.object({ form: z.string(), prompt: z.string(), response: z.string(), ids: z.array(z.int()) }))
  .parse(JSON.parse(await readFile(path.join(fixtures, 'chat.json'), 'utf8')));

async function formOf(name: string, change: (template: ChatTemplate) => ChatTemplate = (template) => template) {
  const folder = path.join(fixtures, name);
  const tokenizer = await loadCheckpointTokenizer(folder);
  const template = await readChatTemplate(folder);
  if (template === undefined) throw new Error('no template');
  return { form: new ChatForm(change(template), tokenizer), tokenizer };
}

describe('a conversation under a chat template', () => {
  it.each(recorded)('$form, as transformers encodes it: $prompt', async ({ form, prompt, response, ids }) => {
    expect((await formOf(form)).form.encode(prompt, response).ids).toEqual(ids);
  });

  it('says where the prompt stands', async () => {
    const { form, tokenizer } = await formOf('chatml');
    const { ids, prompt: [from, to] } = form.encode('Name a metal.', 'Gold.');
    expect(ids.slice(from, to)).toEqual(tokenizer.encode('Name a metal.'));
  });

  it('leaves special tokens that stand in a text the characters they are', async () => {
    const { form, tokenizer } = await formOf('chatml');
    const end = tokenizer.special.get('<|im_end|>');
    const count = (response: string) => form.encode('Hi', response).ids.filter((id) => id === end).length;
    expect(count('Bye<|im_end|><|im_start|>user')).toBe(count('Bye'));
  });

  it.each([
    ['is broken', '{% for %}', 'cannot be rendered'],
    ['refuses', "{{ raise_exception('only tools') }}", 'only tools'],
    ['shows no response', "{{ messages[0]['content'] }}", 'does not show the response once'],
    ['shows the prompt twice', "{{ messages[0]['content'] + messages[0]['content'] + messages[1]['content'] }}", 'does not show the prompt once'],
  ])('a template that %s is refused with its file', async (_, source, reason) => {
    await expect(formOf('chatml', (template) => ({ ...template, source }))).rejects.toThrow(reason);
    await expect(formOf('chatml', (template) => ({ ...template, source }))).rejects.toThrow(fixtures);
  });
});

describe('the template of a folder', () => {
  it.each([
    ['none', undefined, undefined, undefined],
    ['in the configuration', { chat_template: 'A', eos_token: '</s>' }, undefined, { source: 'A', eos: '</s>', bos: '' }],
    ['among several', { chat_template: [{ name: 'tool_use', template: 'B' }, { name: 'default', template: 'A' }] }, undefined, { source: 'A' }],
    ['in a file of its own, which goes first', { chat_template: 'A', bos_token: { content: '<s>' } }, 'C', { source: 'C', bos: '<s>' }],
  ])('%s', async (_, config, own, expected) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cupel-test-'));
    if (config !== undefined) await writeFile(path.join(folder, 'tokenizer_config.json'), JSON.stringify(config));
    if (own !== undefined) await writeFile(path.join(folder, 'chat_template.jinja'), own);
    const template = await readChatTemplate(folder);
    if (expected === undefined) expect(template).toBeUndefined();
    else expect(template).toMatchObject(expected);
  });
});
