import { describe, expect, it } from 'vitest';
import { explainLostServer, ServerRestarts } from '../../src/client/serverRestarts';

const minute = 60_000;

describe('a server that stops', () => {
  it('is started again, but not for ever', () => {
    const restarts = new ServerRestarts();
    expect([0, 1, 2, 3].map((second) => restarts.stopped(second * 1000).restart)).toEqual([true, true, true, true]);
    expect(restarts.stopped(4000)).toEqual({ restart: false, message: expect.stringMatching(/^Cupel's language server stopped 5 times within three minutes and is left off\. Your files and all finished scores are safe\./) as string });
  });

  it('is started again each time when it stops now and then', () => {
    const restarts = new ServerRestarts();
    for (let times = 0; times < 20; times++) expect(restarts.stopped(times * minute).restart).toBe(true);
  });

  it('is named by requests that it left open, and by no others', () => {
    const lost = Object.assign(new Error('Pending response rejected since connection got disposed'), { code: -32097 });
    expect(explainLostServer(lost)).toEqual(new Error('the language server stopped meanwhile. What was finished is kept; run the command again to go on.'));
    const other = Object.assign(new Error('The file is not open.'), { code: -32803 });
    expect(explainLostServer(other)).toBe(other);
  });
});
