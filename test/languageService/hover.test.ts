import { describe, expect, it } from 'vitest';
import { hover, recordCard } from '../../src/languageService/hover';
import type { OpenDataset } from '../../src/server/openDataset';
import { alpaca, exampleDataset, learn } from './support/exampleDataset';

const sky = alpaca('Explain why the sky is blue.', 'Because air scatters short waves most.');
const prime = alpaca('Is 7 prime?', 'Yes');

/** The em spaces that keep the table's columns apart are left out. */
function cardOf(dataset: OpenDataset, line: number, reasons: Parameters<typeof hover>[2] = []): string {
  const shown = hover(dataset, line, reasons);
  if (!shown || typeof shown.contents !== 'object' || !('value' in shown.contents)) throw new Error('no card');
  return shown.contents.value.replaceAll('&emsp;', '');
}

/** The card without what stands in fences, and what stands in them. */
function unfenced(markdown: string): { readonly outside: string; readonly inside: readonly string[] } {
  const outside: string[] = [];
  const inside: string[] = [];
  let fence: string | undefined;
  let block: string[] = [];
  for (const line of markdown.split('\n')) {
    const run = /^ {0,3}(`{3,})/u.exec(line)?.[1];
    if (fence === undefined) {
      if (run === undefined) outside.push(line);
      else fence = run;
    } else if (run !== undefined && run.length >= fence.length && line.trim() === run) {
      inside.push(block.join('\n'));
      fence = undefined;
      block = [];
    } else block.push(line);
  }
  if (fence !== undefined) throw new Error('a fence stays open');
  return { outside: outside.join('\n'), inside };
}

describe('the card of a record', () => {
  it('says who it is, what it scores, what made the scores, and shows the conversation', async () => {
    const dataset = exampleDataset([sky, prime, sky.replace('blue', 'red'), sky.replace('blue', 'grey')].join('\n'), { commands: false });
    dataset.scorers = {
      loss: { id: 'embedded@1', estimate: true, agreement: 'Spearman .76 with GPT-2 (cross-validated).' },
      reward: { id: 'embedded@1', estimate: true, agreement: 'agrees with reviews on 74 %' },
    };
    await learn(dataset, {
      0: { words: 7, tokens: 8, chars: 38, reward: 0.7, cond: 1.2, direct: 1.5, prompt: 2.4 },
      1: { words: 1, tokens: 1, chars: 3, reward: 0.2, cond: 0.8, reason: 'response has 1 token' },
      2: { words: 7, tokens: 9, chars: 38, reward: 0.6, cond: 1.3, direct: 1.5, prompt: 2.4 },
      3: { words: 7, tokens: 10, chars: 38, reward: 0.5, cond: 1.4, direct: 1.5, prompt: 2.4 },
    });
    const reasons = [
      { text: 'very short for a "write" instruction', effect: -0.4 },
      { text: 'ends cleanly', effect: 0.1 },
    ];
    expect(cardOf(dataset, 1, reasons)).toBe(
      [
        `**Record 2 of 4** · Alpaca · key \`${dataset.record(1)?.key.slice(0, 8) ?? ''}…\``,
        '',
        '⚠ The response is one token long\\: IFD is undefined, and there is next to nothing to learn from it\\.',
        '',
        '| | value | in this file | |',
        '|:--|:--|:--|:--|',
        '| **Length** | 1 word · 1 token (o200k\\_base) · 3 chars | shorter than 88 % | ▕█▁▁▁▁▁▁▁▁▁▁▁█▁██ |',
        '| **Reward** | ≈ .20 | higher than 13 % | ▕█▁▁▁▁▁▁▁▁█▁▁█▁▁█ |',
        '| **IFD** | ∅ response has 1 token |  |  |',
        '| **IC-IFD** | ∅ response has 1 token |  |  |',
        '| **CAR** | ≈ .059 | higher than 13 % | ▕█▁▁▁▁▁█▁▁▁█▁▁▁▁█ |',
        '',
        'Reward: − very short for a "write" instruction · + ends cleanly',
        '',
        '**User**',
        '',
        '```plaintext',
        'Is 7 prime?',
        '```',
        '',
        '**Assistant**',
        '',
        '```plaintext',
        'Yes',
        '```',
        '',
        '- **Reward**: embedded\\@1 (an estimate: agrees with reviews on 74 %).',
        '- **CAR**: r / \\(1 \\+ β · L\\(A\\|Q\\)\\), β 3. Per-record extension of a dataset-level score.',
      ].join('\n'),
    );
  });

  it('names the definition and the agreement of an estimated IFD', async () => {
    const dataset = exampleDataset(sky);
    dataset.scorers = { loss: { id: 'embedded@1', estimate: true, agreement: 'Spearman .76 with GPT-2 (cross-validated).' }, reward: { id: 'embedded@1', estimate: true } };
    await learn(dataset, { 0: { tokens: 8, cond: 1.2, direct: 1.5, prompt: 2.4 } });
    expect(cardOf(dataset, 0)).toContain('- **IFD**: exp\\(L\\(A\\|Q\\) − L\\(A\\)\\), embedded\\@1 (an estimate: Spearman \\.76 with GPT\\-2 \\(cross\\-validated\\)).');
  });

  it('says of a checkpoint what it is and how it was asked, and how well it agrees, but never that it estimates', async () => {
    const dataset = exampleDataset(sky);
    const detail = 'GPT2LMHeadModel, 124 M parameters, fp32, superfiltering, plain template, 1,024 tokens';
    dataset.scorers = {
      loss: { id: 'gpt2@1f2e3d4c/superfiltering', estimate: false, detail, agreement: 'Spearman .99 with the published values.' },
      reward: { id: 'judge:<b>@1', estimate: false },
    };
    await learn(dataset, { 0: { tokens: 8, cond: 1.2, direct: 1.5, prompt: 2.4, scorer: 'gpt2@1f2e3d4c/superfiltering' } });
    await learn(dataset, { 0: { reward: 0.5, scorer: 'judge:<b>@1' } });
    const card = cardOf(dataset, 0);
    expect(card).toContain('- **IFD**: exp\\(L\\(A\\|Q\\) − L\\(A\\)\\), gpt2\\@1f2e3d4c/superfiltering (GPT2LMHeadModel, 124 M parameters, fp32, superfiltering, plain template, 1,024 tokens; Spearman \\.99 with the published values). ');
    expect(card).toContain('- **Reward**: judge\\:&lt;b&gt;\\@1.\n');
    expect(card).not.toMatch(/estimate|≈|<b>/u);
  });

  it('says nothing of the chosen scorer beside a score that another one made', async () => {
    const dataset = exampleDataset(sky);
    dataset.scorers = { loss: { id: 'tiny@1/superfiltering', estimate: false, detail: 'the chosen one' }, reward: { id: 'embedded@1', estimate: true } };
    await learn(dataset, { 0: { tokens: 8, cond: 1.2, direct: 1.5, prompt: 2.4, scorer: 'gpt2@1/superfiltering' } });
    expect(cardOf(dataset, 0)).toContain('gpt2\\@1/superfiltering. ');
    expect(cardOf(dataset, 0)).not.toContain('the chosen one');
  });

  it('draws the place in the file as an image where the editor shows images', async () => {
    const dataset = exampleDataset([sky, prime].join('\n'), { images: true });
    await learn(dataset, { 0: { tokens: 8 }, 1: { tokens: 1 } });
    const [, text, encoded] = /!\[([^\]]*)\]\(data:image\/svg\+xml;base64,([^)]+)\)/u.exec(cardOf(dataset, 0)) ?? [];
    expect(text).toMatch(/^[▁▂▃▄▅▆▇█▕]+$/u);
    expect(Buffer.from(encoded ?? '', 'base64').toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="128" height="16".*<\/svg>$/u);
  });

  it('links to the commands of the editor, for this record', () => {
    const dataset = exampleDataset([sky, prime].join('\n'));
    const query = encodeURIComponent(JSON.stringify([{ uri: dataset.uri, lines: [1] }]));
    expect(cardOf(dataset, 1).split('\n')[0]).toContain(
      `…\` · [Open](command:cupel.openRecord?${query}) · [Score](command:cupel.scoreSelection?${query}) · [Regenerate…](command:cupel.regenerateResponse?${query}) · [Refine](command:cupel.refineResponse?${query})`,
    );
  });

  it('tells of problems, of the same conversation elsewhere, and of stale scores', async () => {
    const dataset = exampleDataset([sky, alpaca('Say nothing.', ''), sky].join('\n'), { commands: false });
    await learn(dataset, { 0: { tokens: 8, reward: 0.5, cond: 1, direct: 2 } });
    expect(cardOf(dataset, 2)).toContain('⚠ the same conversation as on line 1\n');
    expect(cardOf(dataset, 1)).toContain('⚠ The response is empty\\.\n');
    dataset.change([{ range: { start: { line: 0, character: 20 }, end: { line: 0, character: 20 } }, text: 'X' }], 2);
    expect(cardOf(dataset, 0)).toContain('| **Reward** | ≈ .50 ~ stale: edited since |');
  });

  it('cuts long texts and long conversations and says so; the card in full does not', () => {
    const long = JSON.stringify({ messages: [...Array.from({ length: 10 }, (_, turn) => ({ role: turn % 2 === 0 ? 'user' : 'assistant', content: `turn ${turn}` })), { role: 'assistant', content: 'x'.repeat(2840) }] });
    const dataset = exampleDataset(long);
    const card = cardOf(dataset, 0);
    const link = `[Open](command:cupel.openRecord?${encodeURIComponent(JSON.stringify([{ uri: dataset.uri, lines: [0] }]))})`;
    expect(card).toContain(`${'x'.repeat(700)}\n\`\`\`\n\n*… 2,140 more characters* — ${link}`);
    expect(card).toContain('*… 5 more turns*');
    const full = recordCard(dataset, 0, []) ?? '';
    expect(full).toContain('x'.repeat(2840));
    expect(full).not.toContain('more');
  });

  it('never cuts a character in half', () => {
    const dataset = exampleDataset(alpaca('x', `${'x'.repeat(699)}😀 and more`));
    expect(cardOf(dataset, 0)).toContain(`${'x'.repeat(699)}\n\`\`\``);
  });

  it('is there for a broken line, and not for an empty one', () => {
    const dataset = exampleDataset('{"instruction": }\n\n');
    expect(cardOf(dataset, 0)).toMatch(/^\*\*Line 1\*\* is not a record\n\n⚠ /u);
    expect(hover(dataset, 1, [])).toBeUndefined();
    expect(hover(dataset, 99, [])).toBeUndefined();
  });
});

describe('hostile text in a card', () => {
  const attacks = [
    '</script><script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click me](command:workbench.action.terminal.new)',
    '![x](https://evil.example/pixel.png)',
    '<https://evil.example> www.evil.example https://evil.example me@evil.example',
    '```\n[out of the fence](command:x)\n```',
    '`````\n````````\n[out](command:x)\n````````',
    '~~~\n# heading\n~~~',
    '| a | b |\n|--|--|',
    'safe\u202Etxet desrever\u2066x\u2069\u200Bhidden\u{E0041}',
    'bell\u0007 escape\u001B[31m null\u0000',
  ];

  it.each(attacks)('%j stays in its fence', (attack) => {
    const dataset = exampleDataset(alpaca(attack, attack), { commands: false });
    const { outside, inside } = unfenced(cardOf(dataset, 0));
    expect(outside).not.toMatch(/<|\]\(|evil|command:|alert|heading/u);
    expect(inside).toHaveLength(2);
    expect(cardOf(dataset, 0)).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200b\u{e0041}]/u);
  });

  it('is spelled where it cannot be seen', () => {
    const dataset = exampleDataset(alpaca('x', 'a\u202Eb\u200Bc\u0007'));
    expect(unfenced(cardOf(dataset, 0)).inside[1]).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩');
  });

  it('does nothing in field names, reasons and names of scorers either', async () => {
    const dataset = exampleDataset('{"messages":[{"role":"<img src=x onerror=alert(1)>","content":"x"},{"role":"assistant","content":"y"}]}', { commands: false });
    await learn(dataset, { 0: { tokens: 1, reward: 0.5, cond: 1, reason: '[x](command:y) | <b>', scorer: '[m](command:z)<i>' } });
    const { outside } = unfenced(cardOf(dataset, 0, [{ text: '</td>[a](command:b)', effect: 1 }]));
    expect(outside).not.toMatch(/<|[^\\]\]\(|[^\\]\[/u);
  });
});
