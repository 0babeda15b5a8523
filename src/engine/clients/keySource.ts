import type { TeacherConfig } from '../../core/teachers/teacher';
import { errorMessage } from '../../base/errorMessage';
import type { EnginePorts } from '../engine';
import { TeacherError } from './teacherError';

/**
 * The key of one endpoint for one run. However many requests are turned down at once, the person is asked once;
 * when that does not help, the requests that follow fail without a call.
 */
export class KeySource {
  readonly #config: TeacherConfig & { readonly kind: 'openai' };
  readonly #apiKey: EnginePorts['apiKey'];
  #current: Promise<string | undefined> | undefined;
  #asked: Promise<string | undefined> | undefined;
  #refusal: TeacherError | undefined;

  constructor(config: TeacherConfig & { readonly kind: 'openai' }, apiKey: EnginePorts['apiKey']) {
    this.#config = config;
    this.#apiKey = apiKey;
  }

  /** The key to send now, undefined for none. Rejects with a TeacherError once no key helps. */
  async current(): Promise<string | undefined> {
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.#config.needsKey === false) return undefined;
    return (this.#current ??= this.#read(false));
  }

  /** After a 401 to `refused`: resolves when there is another key to try, rejects with a TeacherError when there is none. */
  async renew(refused: string | undefined): Promise<void> {
    const { id } = this.#config;
    if (this.#config.needsKey === false) throw this.#refuse(`${id} asks for a key (401), but its settings say that it needs none`);
    const asked = (this.#asked ??= this.#current = this.#read(true));
    const key = await asked;
    if (key === undefined) throw this.#refuse(refused === undefined ? `${id} needs a key and none was given` : `the key for ${id} was refused`);
    if (key === refused) throw this.#refuse(`the key for ${id} was refused`);
  }

  #refuse(reason: string): TeacherError {
    return (this.#refusal ??= new TeacherError('unauthorized', reason));
  }

  async #read(refused: boolean): Promise<string | undefined> {
    const { id } = this.#config;
    let key: string;
    try {
      key = (await this.#apiKey(this.#config, refused))?.trim() ?? '';
    } catch (error) {
      throw new TeacherError('failed', `the key for ${id} could not be read: ${errorMessage(error)}`);
    }
    if (key === '') return undefined;
    if (!/^[\x21-\x7e]+$/.test(key)) throw new TeacherError('failed', `the key for ${id} holds characters that no HTTP header can carry`);
    return key;
  }
}
