import { describe, expect, it } from 'vitest';
import { TeacherKeys, type KeyQuestion } from '../../src/client/teacherKeys';

const address = 'https://api.example.com/v1';

/** Keys over a secret storage in memory, and a person who gives these answers in turn; `undefined` is Escape. */
function keysOf(...answers: (string | undefined)[]) {
  const secrets = new Map<string, string>();
  const questions: KeyQuestion[] = [];
  const storage = {
    get: (name: string) => Promise.resolve(secrets.get(name)),
    store: (name: string, value: string) => Promise.resolve(void secrets.set(name, value)),
    delete: (name: string) => Promise.resolve(void secrets.delete(name)),
  };
  const ask = (question: KeyQuestion) => {
    questions.push(question);
    return Promise.resolve(answers.shift());
  };
  const keys = new TeacherKeys(storage, ask);
  return { keys, secrets, questions };
}

describe('the key of a teacher', () => {
  it('is asked for once and kept under the teacher and its host', async () => {
    const { keys, secrets, questions } = keysOf('sk-1');
    expect(await keys.keyFor('gpt', address, false)).toBe('sk-1');
    expect(await keys.keyFor('gpt', address, false)).toBe('sk-1');
    expect(questions).toEqual([{ teacher: 'gpt', origin: 'https://api.example.com', refused: false }]);
    expect([...secrets.keys()]).toEqual(['cupel.teacher.gpt@api.example.com']);
  });

  it('is asked for once by requests at the same time', async () => {
    const { keys, questions } = keysOf('sk-1');
    const all = await Promise.all([1, 2, 3, 4].map(() => keys.keyFor('gpt', address, false)));
    expect(all).toEqual(['sk-1', 'sk-1', 'sk-1', 'sk-1']);
    expect(questions).toHaveLength(1);
  });

  it.each([
    ['another host', 'https://evil.example.net/v1'],
    ['the same host without encryption', 'http://api.example.com/v1'],
    ['another port', 'https://api.example.com:8443/v1'],
  ])('does not follow settings that point the teacher to %s', async (_where, elsewhere) => {
    const { keys, questions } = keysOf('sk-1', undefined);
    await keys.keyFor('gpt', address, false);
    expect(await keys.keyFor('gpt', elsewhere, false)).toBeUndefined();
    expect(questions.at(-1)?.origin).toBe(new URL(elsewhere).origin);
  });

  it('is not asked for again in the session once the question was dismissed', async () => {
    const { keys, questions } = keysOf(undefined, 'sk-late');
    expect(await keys.keyFor('gpt', address, false)).toBeUndefined();
    expect(await keys.keyFor('gpt', address, false)).toBeUndefined();
    expect(questions).toHaveLength(1);
  });

  it('is asked for anew when the server refuses it, and no more once that was dismissed', async () => {
    const { keys, questions } = keysOf('sk-wrong', 'sk-right', undefined);
    await keys.keyFor('gpt', address, false);
    expect(await keys.keyFor('gpt', address, true)).toBe('sk-right');
    expect(await keys.keyFor('gpt', address, true)).toBeUndefined();
    expect(await keys.keyFor('gpt', address, true)).toBeUndefined();
    expect(questions.map(({ refused }) => refused)).toEqual([false, true, true]);
  });

  it('can be set and removed by hand, which lets it be asked for again', async () => {
    const { keys } = keysOf(undefined, 'sk-2');
    await keys.keyFor('gpt', address, false);
    await keys.store('gpt', address, 'sk-set');
    expect(await keys.keyFor('gpt', address, false)).toBe('sk-set');
    await keys.remove('gpt', address);
    expect(await keys.keyFor('gpt', address, false)).toBe('sk-2');
  });

  it.each([['not json'], ['{"origin":"https://api.example.com"}'], ['"sk-1"']])('that is stored as %s counts as none', async (stored) => {
    const { keys, secrets } = keysOf('sk-new');
    secrets.set('cupel.teacher.gpt@api.example.com', stored);
    expect(await keys.keyFor('gpt', address, false)).toBe('sk-new');
  });
});
