import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorkDoneProgress } from 'vscode-languageserver/node';
import { CancellationTokenSource } from 'vscode-languageserver';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Requests, TokenSurprise } from '../../src/protocol/lsp';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor } from './support/testEditor';

/** GPT-2 of a few thousand weights, with a window of 48 tokens. */
const checkpoint = path.resolve('test/fixtures/checkpoints/gpt2-trained');

let folder: string;
let editor: TestEditor | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cupel-data-'));
});

afterEach(async () => {
  await editor?.stop();
  editor = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function opened(lines: readonly string[], { loss = checkpoint, storageDir }: { readonly loss?: string; readonly storageDir?: string } = {}): Promise<{ readonly editor: TestEditor; readonly uri: string }> {
  const text = `${lines.join('\n')}\n`;
  const file = path.join(folder, 'dataset.jsonl');
  writeFileSync(file, text);
  editor = await TestEditor.start({ settings: { scorer: { loss } }, initializationOptions: { commands: true, hoverImages: false, ...(storageDir !== undefined && { storageDir }) } });
  const uri = pathToFileURL(file).href;
  await editor.open(uri, text);
  return { editor, uri };
}

async function surpriseOf(uri: string, line: number): Promise<TokenSurprise> {
  const surprise = await editor?.request('cupel/tokenSurprise', { uri, line });
  if (!surprise) throw new Error('no surprise');
  return surprise;
}

/** What stands in the document where the tokens do. */
function written(uri: string, { tokens }: TokenSurprise): string[] {
  const lines = editor?.text(uri).split('\n') ?? [];
  return tokens.map(({ range: { start, end } }) => (lines[start.line] ?? '').slice(start.character, end.character));
}

describe('cupel/tokenSurprise', () => {
  it('measures each token of the response and says where it stands, escapes and all', async () => {
    const escaped = '{"instruction": "Say it.", "output": "caf\\u00e9 \\"yes\\"\\n\\ud83d\\ude00 \\/ok"}';
    const { uri } = await opened([alpaca('x', 'y'), escaped]);
    const surprise = await surpriseOf(uri, 1);
    expect(surprise.scorer).toContain('superfiltering');
    expect(surprise.version).toBe(1);
    expect(surprise.tokens.map(({ text }) => text).join('')).toBe('café "yes"\n😀 /ok');
    expect(written(uri, surprise).join('')).toBe('caf\\u00e9 \\"yes\\"\\n\\ud83d\\ude00 \\/ok');
    expect(written(uri, surprise).map((raw) => JSON.parse(`"${raw}"`) as string)).toEqual(surprise.tokens.map(({ text }) => text));
    expect(surprise.tokens.every(({ cond }) => (cond ?? -1) > 0)).toBe(true);
    expect(surprise.tokens[0]?.direct).toBeUndefined();
    expect(surprise.tokens.slice(1).some(({ direct }) => (direct ?? -1) > 0)).toBe(true);
    expect(surprise.mean.cond).toBeGreaterThan(0);
  });

  it('has the losses that scoring has', async () => {
    const { editor, uri } = await opened([alpaca('Give a tip.', 'Sleep enough.')]);
    await editor.request('cupel/score', { uri });
    const { mean } = await surpriseOf(uri, 0);
    const card = (await editor.request('cupel/recordCard', { uri, line: 0 }))?.markdown ?? '';
    const ifd = Number(/\*\*IFD\*\*&emsp; \| ([\d.]+)/u.exec(card)?.[1]);
    expect(Math.exp((mean.cond ?? NaN) - (mean.direct ?? NaN))).toBeCloseTo(ifd, 1);
  });

  it('is known from then on: the hover says it without a model, and no longer once another model measures', async () => {
    const away = path.join(folder, 'model');
    cpSync(checkpoint, away, { recursive: true });
    const { editor, uri } = await opened([alpaca('Give a tip.', 'Sleep enough.'), alpaca('x', 'y')], { loss: away });
    expect(await editor.hover(uri, 0)).not.toContain('Surprise');
    await editor.request('cupel/score', { uri });
    expect(await editor.hover(uri, 0)).toContain('Loss: [Why?](command:cupel.showTokenSurprise?');
    const first = await surpriseOf(uri, 0);
    rmSync(away, { recursive: true });
    expect(await surpriseOf(uri, 0)).toEqual(first);
    const hover = await editor.hover(uri, 0);
    expect(hover).toContain('**Surprise** by ');
    expect(hover).toContain('Most surprising all the same: `"');
    expect(await editor.hover(uri, 1)).not.toContain('**Surprise**');
    await editor.changeSettings({ scorer: { loss: checkpoint } });
    await expect(editor.until(() => editor.hover(uri, 0), (card) => card?.includes('**Surprise**') === false)).resolves.toBeDefined();
  });

  it('follows the text: an edit moves the places, and makes another response another measurement', async () => {
    const { editor, uri } = await opened([alpaca('Give a tip.', 'Sleep enough.')]);
    const before = await surpriseOf(uri, 0);
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n  ' }]);
    const moved = await surpriseOf(uri, 1);
    expect(moved.version).toBe(2);
    expect(moved.tokens.map(({ range, ...token }) => ({ ...token, at: range.start.character - 2, line: range.start.line }))).toEqual(before.tokens.map(({ range, ...token }) => ({ ...token, at: range.start.character, line: 1 })));
    expect(written(uri, moved)).toEqual(written(uri, before).map((_, index) => before.tokens[index]?.text));
  });

  it('says what did not fit the window', async () => {
    const { uri } = await opened([alpaca('Count.', Array.from({ length: 60 }, (_, n) => n).join(' '))]);
    const surprise = await surpriseOf(uri, 0);
    expect(surprise.reason).toMatch(/^only the first \d+ of \d+ response tokens fit the window$/u);
    expect(surprise.tokens.length).toBeLessThan(48);
    expect(await editor?.hover(uri, 0)).toContain('response tokens fit the window');
  });

  it('has no tokens where the response is empty, and says why', async () => {
    const { uri } = await opened([alpaca('x', '')]);
    const { tokens, mean, reason } = await surpriseOf(uri, 0);
    expect({ tokens, mean }).toEqual({ tokens: [], mean: {} });
    expect(reason).toBeDefined();
  });

  it('is nothing where nothing answers, and one sentence where nothing can measure', async () => {
    const { editor, uri } = await opened(['{"instruction": "x", "output": null}', '', '{broken', alpaca('x', 'a response')], { loss: path.join(folder, 'nowhere') });
    expect(await editor.request('cupel/tokenSurprise', { uri, line: 0 })).toBeNull();
    expect(await editor.request('cupel/tokenSurprise', { uri, line: 1 })).toBeNull();
    expect(await editor.request('cupel/tokenSurprise', { uri, line: 2 })).toBeNull();
    expect(await editor.request('cupel/tokenSurprise', { uri, line: 99 })).toBeNull();
    await expect(editor.request('cupel/tokenSurprise', { uri, line: 3 })).rejects.toThrow(/nowhere/u);
  });

  it('shows progress and ends when it is cancelled', async () => {
    const { editor, uri } = await opened([alpaca('Give a tip.', 'Sleep enough.')]);
    const seen: string[] = [];
    editor.connection.onProgress(WorkDoneProgress.type, 'why', ({ kind }) => void seen.push(kind));
    const params: Requests['cupel/tokenSurprise']['params'] = { uri, line: 0, workDoneToken: 'why' };
    const source = new CancellationTokenSource();
    const asked = editor.connection.sendRequest('cupel/tokenSurprise', params, source.token);
    source.cancel();
    await expect(asked).rejects.toThrow();
    expect(await editor.hover(uri, 0)).not.toContain('**Surprise**');
    await editor.request('cupel/tokenSurprise', params);
    expect(seen.at(-1)).toBe('end');
  });
});
