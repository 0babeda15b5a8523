import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { Exchange } from '../core/record/conversation';
import { textPlaces } from '../core/record/textPlaces';
import { formatCount } from '../core/scores/format';
import { meanSurprise, visibleTokens } from '../core/scores/surprise';
import type { TokenLosses } from '../core/scores/tokenLosses';
import type { Engine } from '../engine/engine';
import { scoreItem } from '../engine/operations/scoreItem';
import type { Requests, TokenSurprise } from '../protocol/lsp';
import type { Datasets } from './datasets';
import { RequestProgress, signalOf } from './longRequest';

type Ask = Requests['cupel/tokenSurprise'];

export interface TokenSurpriseDeps {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly datasets: Datasets;
}

/** More tokens than anybody looks at, and as many as an editor shades without a pause. */
const shownTokens = 4000;

/** `cupel/tokenSurprise`: measured once, then known until the scorer changes or newer ones take its place. */
export async function tokenSurprise({ uri, line, workDoneToken }: Ask['params'], token: CancellationToken, { connection, engine, datasets }: TokenSurpriseDeps): Promise<Ask['result']> {
  const { dataset, work } = datasets.require(uri);
  const exchange = dataset.record(line)?.exchanges[0];
  if (!exchange) return null;
  const { basis, version } = dataset;
  const text = dataset.lineText(line);
  const known = dataset.surprise(line);
  if (known) return placed(known, exchange, { line, text, version });
  const { signal, dispose } = signalOf(token, work.signal);
  const progress = new RequestProgress(connection, workDoneToken, 'Measuring surprise');
  try {
    const losses = firstTokens(await engine.tokenLosses(scoreItem(exchange), signal));
    signal.throwIfAborted();
    if (dataset.basis === basis) dataset.learnSurprise(exchange.key, losses);
    return placed(losses, exchange, { line, text, version });
  } finally {
    dispose();
    progress.done();
  }
}

function firstTokens({ scorer, tokens, reason }: TokenLosses): TokenLosses {
  if (tokens.length <= shownTokens) return { scorer, tokens, ...(reason !== undefined && { reason }) };
  return { scorer, tokens: tokens.slice(0, shownTokens), reason: `only the first ${formatCount(shownTokens)} of ${formatCount(tokens.length)} tokens are shown${reason === undefined ? '' : `; ${reason}`}` };
}

function placed({ scorer, tokens, reason }: TokenLosses, { response }: Exchange, { line, text, version }: { readonly line: number; readonly text: string; readonly version: number }): TokenSurprise {
  const placeOf = textPlaces(text, response.path);
  if (!placeOf) throw new Error(`The response of line ${line + 1} cannot be found in it.`);
  return {
    scorer,
    version,
    mean: meanSurprise(tokens),
    tokens: visibleTokens(tokens).map(({ start, end, ...nats }) => {
      const place = placeOf(start, end);
      return { range: { start: { line, character: place.start }, end: { line, character: place.end } }, text: response.text.slice(start, end), ...nats };
    }),
    ...(reason !== undefined && { reason }),
  };
}
