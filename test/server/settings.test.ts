import { expect, it } from 'vitest';
import { defaultSettings } from '../../src/protocol/settings';
import { readSettings } from '../../src/server/settings';

const file = { kind: 'file', id: 'concise', path: 'teachers/concise.jsonl' };

it.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'x'],
  ['nulls inside', { badge: null, tokenizer: null }],
])('%s gives the defaults without a word', (_, sent) => {
  expect(readSettings(sent, undefined)).toEqual({ settings: defaultSettings, complaints: [] });
});

it('takes what is right and names what is wrong, entry by entry', () => {
  const { settings, complaints } = readSettings(
    {
      badge: { parts: ['ifd'], length: 'bytes' },
      tokenizer: 'wordpiece',
      car: { beta: -1, offset: 2 },
      problems: 7,
      teachers: [file, { kind: 'openai', id: 'gemma', baseUrl: 'file:///etc/passwd', model: 'x' }, { kind: 'parrot', id: 'x' }, file],
      unknown: true,
    },
    undefined,
  );
  expect(settings).toEqual({ ...defaultSettings, badge: { ...defaultSettings.badge, parts: ['ifd'] }, car: { beta: 3, offset: 2 }, teachers: [file] });
  expect(complaints.map((complaint) => complaint.replace(/: [^"].*; /u, ': … '))).toEqual([
    'cupel.teachers, entry 2 (baseUrl): … this teacher is left out.',
    'cupel.teachers, entry 3 (kind): … this teacher is left out.',
    'cupel.badge.length: … its default is used.',
    'cupel.tokenizer: … its default is used.',
    'cupel.car.beta: … its default is used.',
    'cupel.problems: … its default is used.',
    'cupel.teachers: "concise" is there twice; the first is used.',
  ]);
});

it('finds file teachers from the workspace folder', () => {
  expect(readSettings({ teachers: [file, { ...file, id: 'abs', path: '/data/x.jsonl' }] }, '/work').settings.teachers.map((teacher) => 'path' in teacher && teacher.path)).toEqual(['/work/teachers/concise.jsonl', '/data/x.jsonl']);
});

it('takes the severities that it knows, whatever the others are', () => {
  const { settings, complaints } = readSettings({ problems: { severity: { refusal: 'off', 'trl-sft/*': 'hint', 'no-such-rule': 'off', 'nobody/x': 'off', mojibake: 'loud' } } }, undefined);
  expect(settings.problems).toEqual({ ...defaultSettings.problems, severity: { refusal: 'off', 'trl-sft/*': 'hint' } });
  expect(complaints).toEqual([
    'cupel.problems.severity: there is no rule "no-such-rule"; docs/rules.md lists them.',
    'cupel.problems.severity: there is no rule "nobody/x"; docs/rules.md lists them.',
    'cupel.problems.severity.mojibake: write error, warning, information, hint, off; its default is used.',
  ]);
});
