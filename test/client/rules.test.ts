import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseLine } from '../../src/core/record/parseRecord';
import { ruleIds, rules } from '../../src/core/record/rules/catalogue';
import { severityChoices } from '../../src/protocol/settings';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

const severitySetting = z.object({ properties: z.record(z.string(), z.object({ enum: z.array(z.string()), default: z.string(), markdownDescription: z.string() })) });
const manifest = z
  .object({ contributes: z.object({ configuration: z.array(z.object({ properties: z.record(z.string(), z.unknown()) })) }) })
  .parse(JSON.parse(read('package.json')));
const { properties } = severitySetting.parse(manifest.contributes.configuration.flatMap((section) => section.properties['cupel.problems.severity'] ?? [])[0]);
const strings = z.record(z.string(), z.string()).parse(JSON.parse(read('package.nls.json')));
const [, ...sections] = read('docs/rules.md').split(/^## /m);
const bodies = new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]));

describe('the rules', () => {
  it('have a section each in docs/rules.md, in the order of the catalogue up to its groups', () => {
    expect([...bodies.keys()].sort()).toEqual([...ruleIds].sort());
  });

  it('have a setting each, with its default and a description', () => {
    expect(Object.fromEntries(Object.entries(properties).map(([id, { default: severity }]) => [id, severity]))).toEqual(Object.fromEntries(ruleIds.map((id) => [id, rules[id].severity])));
    for (const id of ruleIds) {
      expect(properties[id]?.enum).toEqual(severityChoices);
      expect(strings[properties[id]?.markdownDescription.replaceAll('%', '') ?? '']).toMatch(/\.$/);
    }
  });
});

describe('the examples in docs/rules.md', () => {
  const examples = [...bodies].flatMap(([id, body]) => [...body.matchAll(/^- \*\*Example\*\* `(\{.*\}|\[.*\])`$/gm)].map((match) => [id, match[1] ?? ''] as const));

  it.each(examples.filter(([id]) => id !== 'one-token-response' && id !== 'broken-json' && id !== 'array-file'))('of %s: %s break it', (id, line) => {
    const parsed = parseLine(line);
    const found: readonly string[] = parsed.status === 'invalid' ? [parsed.rule] : parsed.status === 'ok' ? parsed.record.problems.map(({ rule }) => rule) : [];
    expect(found).toContain(id);
  });
});
