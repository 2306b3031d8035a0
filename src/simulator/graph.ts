/** Graph over HTTP: single calls and batches. */
import { answerCall } from './answered-call.ts';
import { answerBatch } from './batch.ts';
import { accessIn, bearerOf } from './graph-access.ts';
import { nothingTouched } from './graph-call.ts';
import type { Exchange, Incoming } from './incoming.ts';
import type { SimulatorState } from './state.ts';
import { isVersion } from './versions.ts';

export function exchangeWithGraph(state: SimulatorState, incoming: Incoming): Exchange {
  const { method, path, query, base } = incoming;
  const parts = path.split('/').filter((part) => part !== '');
  const isRoot = parts.length === 0 || (parts.length === 1 && isVersion(parts[0] ?? ''));
  if (method === 'POST' && isRoot) return answerBatch(state, incoming);
  const parameters = Object.fromEntries(query);
  const access = accessIn(parameters, bearerOf(incoming.headers.authorization));
  return answerCall(state, { method, path, query, base, access, touched: nothingTouched() });
}
