import * as z from 'zod';

/** The part of VS Code's SecretStorage that keys need. */
export interface SecretStore {
  get(name: string): Thenable<string | undefined>;
  store(name: string, value: string): Thenable<void>;
  delete(name: string): Thenable<void>;
}

export interface KeyQuestion {
  readonly teacher: string;
  /** Where the key will be sent: `https://api.example.com`. */
  readonly origin: string;
  /** The server has just turned the stored key down. */
  readonly refused: boolean;
}

/** Resolves to the key, or undefined when the person dismissed the question. */
export type AskForKey = (question: KeyQuestion) => Thenable<string | undefined>;

const storedKey = z.object({ origin: z.string(), key: z.string().min(1) });

/**
 * API keys of teachers. A key belongs to a teacher *and* the origin it was entered for: settings that point a teacher
 * elsewhere do not take the key along, the person is asked anew and sees the new address.
 */
export class TeacherKeys {
  readonly #secrets: SecretStore;
  readonly #ask: AskForKey;
  readonly #dismissed = new Set<string>();
  readonly #dismissedWhenRefused = new Set<string>();
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(secrets: SecretStore, ask: AskForKey) {
    this.#secrets = secrets;
    this.#ask = ask;
  }

  /** The stored key; else asks, once a session unless the server refuses what it got. Requests at the same time share one question. */
  async keyFor(teacher: string, baseUrl: string, refused: boolean): Promise<string | undefined> {
    const name = secretName(teacher, baseUrl);
    if (!refused) {
      const known = await this.stored(teacher, baseUrl);
      if (known !== undefined || this.#dismissed.has(name)) return known;
    }
    if (this.#dismissedWhenRefused.has(name)) return undefined;
    const asked = this.#asking.get(name) ?? this.#askAndStore(teacher, baseUrl, refused).finally(() => this.#asking.delete(name));
    this.#asking.set(name, asked);
    return asked;
  }

  async stored(teacher: string, baseUrl: string): Promise<string | undefined> {
    const text = await this.#secrets.get(secretName(teacher, baseUrl));
    if (text === undefined) return undefined;
    const entry = storedKey.safeParse(parseJson(text));
    return entry.success && entry.data.origin === new URL(baseUrl).origin ? entry.data.key : undefined;
  }

  async store(teacher: string, baseUrl: string, key: string): Promise<void> {
    await this.#secrets.store(secretName(teacher, baseUrl), JSON.stringify({ origin: new URL(baseUrl).origin, key }));
    this.#forgetAnswers(teacher, baseUrl);
  }

  async remove(teacher: string, baseUrl: string): Promise<void> {
    await this.#secrets.delete(secretName(teacher, baseUrl));
    this.#forgetAnswers(teacher, baseUrl);
  }

  async #askAndStore(teacher: string, baseUrl: string, refused: boolean): Promise<string | undefined> {
    const key = (await this.#ask({ teacher, origin: new URL(baseUrl).origin, refused }))?.trim();
    if (key) {
      await this.store(teacher, baseUrl, key);
      return key;
    }
    this.#dismissed.add(secretName(teacher, baseUrl));
    if (refused) this.#dismissedWhenRefused.add(secretName(teacher, baseUrl));
    return undefined;
  }

  #forgetAnswers(teacher: string, baseUrl: string): void {
    this.#dismissed.delete(secretName(teacher, baseUrl));
    this.#dismissedWhenRefused.delete(secretName(teacher, baseUrl));
  }
}

function secretName(teacher: string, baseUrl: string): string {
  return `cupel.teacher.${teacher}@${new URL(baseUrl).host}`;
}

/** Undefined for what is no JSON: a key stored in another form counts as none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
