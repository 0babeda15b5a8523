import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { WriteReport } from '../../../src/core/exports/writeReport';
import { closeEverything, open, until, workspaceFile } from './support';

export function defineWriting(): void {
  suite('select, export, check, rank', () => {
    teardown(closeEverything);

    test('Select Subset writes the chosen lines byte for byte in file order, and a manifest', async () => {
      const document = await open('sample.jsonl');
      const out = workspaceFile('longest.jsonl').fsPath;
      const report = await vscode.commands.executeCommand<WriteReport>('cupel.selectSubset', { uri: document.uri.toString(), rule: { kind: 'longest', count: 10 }, out });
      equal(report.written, 10);
      const lines = document.getText().trimEnd().split('\n');
      const chosen = readFileSync(out, 'utf8').trimEnd().split('\n');
      equal(chosen.length, 10);
      const places = chosen.map((line) => lines.indexOf(line));
      ok(places.every((place) => place >= 0), 'a line differs from the source');
      deepEqual(places, [...places].sort((a, b) => a - b));
      const manifest = JSON.parse(readFileSync(report.manifest, 'utf8')) as Record<string, unknown>;
      ok(JSON.stringify(manifest).includes('"longest"'));
    });

    test('Select Subset by a score takes what is inside the bound', async () => {
      const document = await open('sample.jsonl');
      await vscode.commands.executeCommand('cupel.scoreDataset', { uri: document.uri.toString() });
      const out = workspaceFile('top.jsonl').fsPath;
      const rule = { kind: 'top', score: 'ifd.ppl', direction: 'highest', below: 1, rate: 0.1 };
      const report = await vscode.commands.executeCommand<WriteReport>('cupel.selectSubset', { uri: document.uri.toString(), rule, out });
      ok(report.written > 0 && report.written <= 6, `${report.written} written`);
      equal(readFileSync(out, 'utf8').trimEnd().split('\n').length, report.written);
    });

    test('Export writes another format and counts what it left out', async () => {
      const document = await open('sample.jsonl');
      const out = workspaceFile('messages.jsonl').fsPath;
      const report = await vscode.commands.executeCommand<WriteReport>('cupel.export', { uri: document.uri.toString(), format: 'messages', out });
      equal(report.written + report.dropped.reduce((sum, { records }) => sum + records, 0), 64);
      const first = JSON.parse(readFileSync(out, 'utf8').split('\n')[0] ?? '') as { messages: { role: string; content: string }[] };
      deepEqual(
        first.messages.map(({ role }) => role),
        ['user', 'assistant'],
      );
      match(first.messages[0]?.content ?? '', /Explain why leaves are green/);
    });

    test('Check for Trainer reports its findings and puts them into Problems', async () => {
      const document = await open('sample.jsonl');
      const result = await vscode.commands.executeCommand<{ findings: number; markdown: string }>('cupel.checkForTrainer', { uri: document.uri.toString(), trainer: 'openai-sft' });
      ok(result.findings > 0);
      await until('findings in Problems', () => vscode.languages.getDiagnostics(document.uri).some(({ message }) => /OpenAI|openai/i.test(message)));
    });

    test('Rank Teachers compares the three sample teachers on the instructions they share', async () => {
      await open('sample.jsonl');
      const sources = ['concise', 'detailed', 'friendly'].map((name) => ({ name, path: workspaceFile(`teachers/${name}.jsonl`).fsPath }));
      const result = await vscode.commands.executeCommand<{ json: string }>('cupel.rankTeachers', { sources });
      const ranking = JSON.parse(result.json) as { records: number; dropped: Record<string, number>; teachers: { teacher: string; car: number }[] };
      equal(ranking.records, 59);
      equal(ranking.dropped.friendly, 1);
      equal(ranking.teachers.length, 3);
      const cars = ranking.teachers.map(({ car }) => car);
      deepEqual(cars, [...cars].sort((a, b) => b - a));
    });
  });
}
