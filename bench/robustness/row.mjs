import { spawn } from 'node:child_process';
import path from 'node:path';

/** One line of the report: what was done, what came of it, and what it took. */
export async function row(what, work) {
  const started = performance.now();
  const found = await work();
  return { what, ...found, seconds: Number(((performance.now() - started) / 1000).toFixed(1)) };
}

export function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}

export function number(value) {
  return value.toLocaleString('en');
}

/** Peak memory of the command line in bytes, told on a channel of its own when the process ends. */
const peakHook = `data:text/javascript,${encodeURIComponent("process.on('exit', () => process.send({ peak: process.resourceUsage().maxRSS * 1024 })); process.channel.unref();")}`;

/** Runs the bundled command line to its end. */
export async function cli({ own, folder }, args, { cwd = folder, env = {}, onStart } = {}) {
  const child = spawn(process.execPath, ['--import', peakHook, path.join(own, 'cli.cjs'), ...args], { cwd, env: { ...process.env, CUPEL_HOME: path.join(folder, 'store'), ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let [out, err, peak, outBytes] = ['', '', undefined, 0];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    outBytes += text.length;
    if (out.length < 1e6) out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  child.on('message', (message) => (peak = message.peak));
  onStart?.(child);
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, out, err, peak, outBytes };
}

/** The longest and the middle time that an answer took, asked again and again while `work` goes on. */
export async function answersWhile(work, ask) {
  const times = [];
  let over = false;
  const done = work.finally(() => (over = true));
  do {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (!over);
  const value = await done;
  times.sort((a, b) => a - b);
  return { value, worst: Math.round(times.at(-1) ?? 0), median: Number((times[Math.floor(times.length / 2)] ?? 0).toFixed(1)), asked: times.length };
}
