import type { Connection } from 'vscode-languageserver';
import type { TeacherConfig } from '../core/teachers/teacher';
import { keyFromEnvironment } from '../engine/userEnvironment';
import type { ClientRequests } from '../protocol/lsp';

/**
 * Keys of endpoints for as long as the server runs: from the environment variable that a teacher names, else from the
 * editor. They are held in memory and go nowhere but to the teacher they were given for.
 */
export class TeacherKeys {
  readonly #connection: Connection;
  readonly #editorHasKeys: () => boolean;
  /** By teacher and address, so that settings that point a teacher elsewhere do not take its key along. */
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor(connection: Connection, editorHasKeys: () => boolean) {
    this.#connection = connection;
    this.#editorHasKeys = editorHasKeys;
  }

  /** Requests at the same time share one question. */
  readonly keyFor = async (teacher: TeacherConfig, refused: boolean): Promise<string | undefined> => {
    if (teacher.kind !== 'openai') return undefined;
    const fromEnvironment = keyFromEnvironment(teacher);
    if (fromEnvironment !== undefined && !refused) return fromEnvironment;
    if (!this.#editorHasKeys()) return undefined;
    const name = `${teacher.id} ${teacher.baseUrl}`;
    const known = refused ? undefined : this.#known.get(name);
    if (known) return known;
    const asked = this.#ask({ teacher: teacher.id, baseUrl: teacher.baseUrl, refused });
    this.#known.set(name, asked);
    // No key is no answer to keep: the person may give one later.
    void asked.then(
      (key) => key === undefined && this.#known.delete(name),
      () => this.#known.delete(name),
    );
    return asked;
  };

  forget(teacher: string): void {
    for (const name of this.#known.keys()) if (name.startsWith(`${teacher} `)) this.#known.delete(name);
  }

  async #ask(params: ClientRequests['cupel/teacherKey']['params']): Promise<string | undefined> {
    const answer = await this.#connection.sendRequest<ClientRequests['cupel/teacherKey']['result']>('cupel/teacherKey', params);
    return answer?.key;
  }
}
