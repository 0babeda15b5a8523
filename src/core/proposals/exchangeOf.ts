import type { DataRecord, Exchange } from '../record/conversation';
import type { Proposal } from './proposal';

/**
 * The exchange that a proposal is for. The same conversation may be written in another shape by now, under another name:
 * where a record has a single exchange, that is the one. The record says where its response stands, never the proposal.
 */
export function exchangeOf({ exchanges }: DataRecord, { exchange: name }: Proposal): Exchange | undefined {
  return exchanges.find((exchange) => exchange.name === name) ?? (exchanges.length === 1 ? exchanges[0] : undefined);
}
