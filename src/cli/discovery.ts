/** Asks what a credential can see, a few WABAs at a time, with a bar that shows how far it is. */
import type { Answer } from '#api/call.ts';
import { WABAS_AT_ONCE } from '#api/seen-number.ts';
import type { Client } from '#client/create-client.ts';
import { inParallel } from './in-parallel.ts';
import type { Terminal } from './terminal.ts';

type Waba = Answer<'findWabas'>['body']['items'][number];
export type FoundNumber = Answer<'findNumbers'>['body']['items'][number];
export type Unreadable = Answer<'findWabas'>['body']['unreadable'][number];

export interface Discovered {
  readonly wabas: readonly Waba[];
  /** Each once, in the order of WABAs and nodes. */
  readonly numbers: readonly FoundNumber[];
  readonly unreadable: readonly Unreadable[];
}

/** Requests at once; each reads several lists. */
const WIDTH = 2;

/** With `only`, no other WABAs are looked into. Throws ClientProblem. */
export async function discover(
  client: Client,
  { credential, only }: { readonly credential: string; readonly only: readonly string[] },
  terminal: Terminal,
): Promise<Discovered> {
  const params = { ref: credential };
  const { body: seen } = await client.findWabas({ params });
  const missing = only.filter((id) => !seen.items.some((waba) => waba.id === id));
  // What is named may be readable although no list has it.
  const named = missing.map((id) => ({ id, name: null, business: null }));
  const wabas = [...seen.items, ...named].filter(
    ({ id }) => only.length === 0 || only.includes(id),
  );
  const unreadable = [...seen.unreadable];
  const numbers = new Map<string, FoundNumber>();
  const lots = lotsOf(wabas);
  await inParallel(lots, { width: WIDTH, what: 'Looking into WABAs', terminal }, async (lot) => {
    const refs = lot.map(({ id, business }) => ({ id, business_id: business?.id ?? null }));
    const { body } = await client.findNumbers({ params, body: { wabas: refs } });
    unreadable.push(...body.unreadable);
    for (const number of body.items) numbers.set(number.node_id, number);
  });
  const sorted = [...numbers.values()].toSorted((one, other) =>
    keyOf(one) < keyOf(other) ? -1 : 1,
  );
  return { wabas, numbers: sorted, unreadable };
}

function keyOf({ waba_id, node_id }: FoundNumber): string {
  return `${waba_id} ${node_id}`;
}

function lotsOf(wabas: readonly Waba[]): readonly (readonly Waba[])[] {
  const size = Math.min(WABAS_AT_ONCE, 10);
  return Array.from({ length: Math.ceil(wabas.length / size) }, (_, at) =>
    wabas.slice(at * size, (at + 1) * size),
  );
}
