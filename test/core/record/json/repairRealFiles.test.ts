import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repairJson } from '../../../../src/core/record/json/repair';

const data = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [path.join(entry.parentPath, entry.name)] : []));
}

function parses(json: string): boolean {
  try {
    JSON.parse(json.replace(/^\ufeff/, ''));
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!existsSync(data))('repairing files of others (skipped without the shared data)', () => {
  const suite = path.join(data, 'jsontestsuite');
  const texts = existsSync(suite) ? filesUnder(suite).filter((file) => file.endsWith('.json')).map((file) => [path.basename(file), readFileSync(file, 'utf8')] as const) : [];

  it('leaves what JSONTestSuite calls valid as it is, and makes valid lines or nothing of the rest', () => {
    expect(texts.length).toBe(318);
    const touched = texts.filter(([name, text]) => name.startsWith('y_') && !text.includes('\n') && repairJson(text) !== undefined);
    expect(touched).toEqual([]);
    const wrong = texts.flatMap(([name, text]) => [{}, { close: true }].flatMap((options) => (repairJson(text, options)?.text.split('\n').every((line) => line.trim() === '' || parses(line)) === false ? [name] : [])));
    expect(wrong).toEqual([]);
  });

  it('never changes a valid line of the corner cases, whatever the others hold', () => {
    const folder = path.join(data, 'jsonl-corner-cases');
    const lines = filesUnder(folder).flatMap((file) => readFileSync(file, 'utf8').split(/\r?\n/));
    expect(lines.length).toBeGreaterThan(24);
    for (const line of lines) if (parses(line)) expect(repairJson(line)).toBeUndefined();
  });
});
