import { window } from 'vscode';
import { ok, type Result } from '../../base/result';
import { scoreIds, type ScoreId } from '../../core/scores/catalogue';
import { scoreDefinitions } from '../../core/scores/definitions';
import type { SelectionRule } from '../../core/selection/rule';
import { readAmount, readNumber, readWhole } from '../numberInput';
import type { Choice, RememberedPick } from '../rememberedPick';

interface RuleKind extends Choice {
  readonly id: SelectionRule['kind'];
}

const kinds: readonly RuleKind[] = [
  { id: 'longest', label: 'Longest responses', description: 'by words: the strong baseline of Long Is More' },
  { id: 'top', label: 'Best by a score…', description: 'highest or lowest, inside a bound when you set one' },
  { id: 'random', label: 'Random', description: 'the same records for the same seed' },
];

/** Asks step by step which records to take. Undefined when the person leaves. */
export async function chooseRule(pick: RememberedPick): Promise<SelectionRule | undefined> {
  const kind = await pick.one('selectionKind', 'Which records?', kinds);
  switch (kind?.id) {
    case undefined:
      return undefined;
    case 'longest':
      return chooseLongest();
    case 'top':
      return chooseTop(pick);
    case 'random':
      return chooseRandom();
  }
}

async function chooseLongest(): Promise<SelectionRule | undefined> {
  const count = await ask('How many of the longest responses?', '1000', readWhole);
  return count === undefined ? undefined : { kind: 'longest', count };
}

async function chooseRandom(): Promise<SelectionRule | undefined> {
  const count = await ask('How many records at random?', '1000', readWhole);
  if (count === undefined) return undefined;
  const seed = await ask('Seed (the same seed takes the same records)', '0', readNumber);
  return seed === undefined ? undefined : { kind: 'random', count, seed: Math.trunc(seed) };
}

async function chooseTop(pick: RememberedPick): Promise<SelectionRule | undefined> {
  const score = await pick.one('selectionScore', 'By which score?', scoreIds.map(scoreChoice));
  if (!score) return undefined;
  const direction = await pick.one('selectionDirection', `Highest or lowest ${score.label}?`, [
    { id: 'highest' as const, label: 'Highest first' },
    { id: 'lowest' as const, label: 'Lowest first' },
  ]);
  if (!direction) return undefined;
  const [side, hint] = direction.id === 'highest' ? (['below', 'such as 1 for IFD'] as const) : (['above', 'such as 0'] as const);
  const bound = await ask(`Only values ${side} (${hint}; empty for no bound)`, '', readBound);
  if (bound === undefined) return undefined;
  const amount = await ask('How many? A number of records, or a share such as 10 %', '10 %', readAmount);
  return amount && { kind: 'top', score: score.id, direction: direction.id, ...amount, ...(bound !== null && { [side]: bound }) };
}

function scoreChoice(id: ScoreId): Choice & { readonly id: ScoreId } {
  const { title, meaning } = scoreDefinitions[id];
  return { id, label: title, description: id, detail: meaning };
}

async function ask<T>(prompt: string, value: string, read: (text: string) => Result<T>): Promise<T | undefined> {
  const validateInput = (typed: string) => {
    const result = read(typed);
    return result.ok ? undefined : result.reason;
  };
  const text = await window.showInputBox({ prompt, value, validateInput });
  if (text === undefined) return undefined;
  const result = read(text);
  return result.ok ? result.value : undefined;
}

function readBound(text: string): Result<number | null> {
  return text.trim() === '' ? ok(null) : readNumber(text);
}
