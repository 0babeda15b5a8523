import { ScoringServerError } from './scoringServerError';

/** Where a scoring server is, taken apart so that no message shows a password. */
export interface ScoringUrl {
  /** As settings give it: what a key is looked up by. */
  readonly given: string;
  /** For messages and requests: no user, password, query, `/v1` or slash at the end. */
  readonly root: string;
  /** `127.0.0.1:8000`. */
  readonly host: string;
  /** `Basic …` when the URL names a user. */
  readonly basic?: string;
}

/** @throws ScoringServerError when this is no http address. */
export function parseScoringUrl(given: string): ScoringUrl {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ScoringServerError('untrusted', `"${given.replace(/\/\/.*@/, '//')}" is no http address; name the server as http://HOST:PORT.`);
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  const user = url.username === '' && url.password === '' ? undefined : `${decode(url.username)}:${decode(url.password)}`;
  return {
    given,
    root: `${url.protocol}//${url.host}${path}`,
    host: url.host,
    ...(user !== undefined && { basic: `Basic ${Buffer.from(user).toString('base64')}` }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
