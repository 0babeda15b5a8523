import { ErrorCodes, Message, ResponseError, type Connection, type MessageStrategy } from 'vscode-languageserver';

/** Requests that come out of turn are renamed to this, which has one answer. */
const refused = 'cupel/outOfTurn';

/**
 * Holds an editor to the order of the protocol: nothing is answered before `initialize` or after `shutdown`. The handlers
 * behind it then never meet a session that does not exist yet, or no longer does.
 */
export class Lifecycle implements MessageStrategy {
  #state: 'new' | 'open' | 'ended' = 'new';

  handleMessage(message: Message, next: (message: Message) => void): void {
    if (Message.isRequest(message)) next(this.#admits(message.method) ? message : { ...message, method: refused } as Message);
    else if (!Message.isNotification(message) || this.#state === 'open' || message.method === 'exit') next(message);
  }

  /** Has `connection` answer what came out of turn. */
  answerOn(connection: Connection): void {
    connection.onRequest(refused, () =>
      this.#state === 'new'
        ? new ResponseError(ErrorCodes.ServerNotInitialized, 'The server has not been initialized: send "initialize" first.')
        : new ResponseError(ErrorCodes.InvalidRequest, this.#state === 'open' ? 'The server is initialized already.' : 'The server has been shut down: only "exit" may follow.'),
    );
  }

  #admits(method: string): boolean {
    const before = this.#state;
    if (before === 'new' && method === 'initialize') this.#state = 'open';
    else if (before === 'open' && method === 'shutdown') this.#state = 'ended';
    else return before === 'open' && method !== 'initialize';
    return true;
  }
}
