import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, number, row } from './row.mjs';

const count = 12_000;

/** Disks that are full or read-only: small file systems of their own, which takes Linux and the right to mount. */
export async function fullDisk(bench) {
  const disk = path.join(bench.folder, 'disk');
  mkdirSync(disk);
  const mount = (...options) => execFileSync('mount', [...options, disk], { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', 'size=600k', 'cupel');
  } catch {
    console.log('skipped: no small disk can be mounted here');
    return [];
  }
  const file = path.join(bench.folder, 'data.jsonl');
  writeFileSync(file, Array.from({ length: count }, (_, n) => `${JSON.stringify({ instruction: `Explain the number ${n}.`, input: '', output: `It comes after ${n - 1}, and its square is ${n * n}.` })}\n`).join(''));
  const env = { CUPEL_HOME: path.join(disk, 'store') };
  const resize = (to) => mount('-o', `remount,rw,size=${to}`);
  try {
    return [
      await row(`\`cupel score\` of ${number(count)} records with the store on a disk that fills up, then again with space`, () => scoredTwice(bench, file, env, () => resize('30m'))),
      await row('`cupel select` onto a disk that is full: what stood there stays, nothing is left beside it', () => selected(bench, file, disk, () => resize(usedBytes(disk) + 300_000))),
      await row('`cupel score` with the store on a disk that has become read-only', () => readOnly(bench, file, env, () => mount('-o', 'remount,ro'))),
      await row('the server with the store on that disk: lengths are shown all the same; scores again once it can be written, without a restart', () => inServer(bench, env.CUPEL_HOME, () => resize('30m'))),
    ];
  } finally {
    execFileSync('umount', [disk]);
  }
}

async function scoredTwice(bench, file, env, makeSpace) {
  const out = path.join(bench.folder, 'scores.jsonl');
  const full = await cli(bench, ['score', file, '--out', out], { env });
  const nothing = !existsSync(out);
  makeSpace();
  const again = await cli(bench, ['score', file, '--out', out], { env });
  const rows = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n').length : 0;
  return { ok: full.code === 2 && nothing && again.code === 0 && rows === count, result: `exit ${full.code}: "${lastLine(full.err, env.CUPEL_HOME)}"; no output was left; with space exit ${again.code} and ${number(rows)} rows` };
}

async function selected(bench, file, disk, fill) {
  const out = path.join(disk, 'chosen.jsonl');
  writeFileSync(out, 'old\n');
  fill();
  const { code, err } = await cli(bench, ['select', file, '--longest', String(count - 1), '--out', out]);
  const whole = readFileSync(out, 'utf8') === 'old\n';
  const left = readdirSync(disk).filter((name) => name.endsWith('.tmp'));
  return { ok: code === 2 && whole && left.length === 0, result: `exit ${code}: "${lastLine(err, disk)}"` };
}

async function readOnly(bench, file, env, lock) {
  lock();
  const short = path.join(bench.folder, 'short.jsonl');
  writeFileSync(short, '{"instruction":"Say why.","input":"","output":"Because nobody has scored this one."}\n');
  const { code, err } = await cli(bench, ['score', short], { env });
  const known = await cli(bench, ['score', file, '--out', '-'], { env });
  return { ok: code === 2 && known.code === 0, result: `a new record: exit ${code}: "${lastLine(err, env.CUPEL_HOME)}"; the ${number(count)} that were scored before: exit ${known.code}, from the store` };
}

async function inServer({ startServer }, storageDir, unlock) {
  const server = await startServer({ storageDir });
  const uri = 'file:///robustness/disk.jsonl';
  const { connection } = server;
  const text = '{"instruction":"Say when.","input":"","output":"When there is space again on the disk."}\n';
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
  const badge = async (wanted) => {
    for (;;) {
      const hints = await connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } });
      const shown = hints[0]?.label.map(({ value }) => value).join('') ?? '';
      if (wanted.test(shown)) return shown;
      await server.changed(500);
    }
  };
  const length = await badge(/^\d+t/);
  const refusal = await connection.sendRequest('cupel/score', { uri }).then(() => 'no refusal', (error) => error.message);
  unlock();
  const { scored } = await connection.sendRequest('cupel/score', { uri });
  const score = await badge(/ifd/);
  await server.stop();
  return { ok: refusal.includes('read-only') && scored === 1, result: `badge "${length}"; Score Dataset: "${refusal.replaceAll(storageDir, 'STORE')}"; then ${scored} scored, badge "${score}"` };
}

function usedBytes(disk) {
  const { blocks, bfree, bsize } = statfsSync(disk);
  return (blocks - bfree) * bsize;
}

function lastLine(text, place) {
  return text.trim().split('\n').at(-1)?.replaceAll(place, 'STORE');
}
