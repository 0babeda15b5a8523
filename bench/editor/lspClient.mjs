import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The bare wire of a language client: no library of its own stands between the clock and the server. */
export class LspClient {
  #child;
  #nextId = 1;
  #waiting = new Map();
  #received = [];
  #receivedBytes = 0;
  #wanted;
  #listeners = new Map();

  constructor(server, args = ['--stdio']) {
    this.#child = spawn(process.execPath, [server, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.on('data', (chunk) => this.#receive(chunk));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Calls `listener` with the parameters of every such notification or request, which is answered with null. */
  on(method, listener) {
    this.#listeners.set(method, listener);
  }

  request(method, params) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method, params) {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  async stop() {
    const exited = once(this.#child, 'exit');
    await this.request('shutdown');
    this.notify('exit');
    const [code] = await exited;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }

  kill() {
    this.#child.kill('SIGKILL');
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify(message));
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin.write(body);
  }

  #receive(chunk) {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#wanted !== undefined && this.#receivedBytes < this.#wanted) return;
    let all = Buffer.concat(this.#received);
    for (;;) {
      const head = all.indexOf('\r\n\r\n');
      if (head < 0) break;
      const length = Number(/Content-Length: (\d+)/i.exec(all.toString('latin1', 0, head))?.[1]);
      this.#wanted = head + 4 + length;
      if (all.length < this.#wanted) break;
      const body = all.toString('utf8', head + 4, this.#wanted);
      all = all.subarray(this.#wanted);
      this.#wanted = undefined;
      this.#take(JSON.parse(body));
    }
    this.#received = [all];
    this.#receivedBytes = all.length;
  }

  #take(message) {
    if (message.method === undefined) {
      const { resolve, reject } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
      return;
    }
    this.#listeners.get(message.method)?.(message.params);
    if (message.id !== undefined) this.#send({ jsonrpc: '2.0', id: message.id, result: message.method === 'workspace/configuration' ? [null] : null });
  }
}
