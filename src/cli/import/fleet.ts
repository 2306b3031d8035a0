/** The fleet as it is, read page by page: what a file is compared with. */
import type { Answer } from '#api/call.ts';
import type { Client } from '#client/create-client.ts';

export type Channel = Answer<'getChannel'>['body'];
export type Credential = Answer<'getCredential'>['body'];

export interface Fleet {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly credentials: ReadonlyMap<string, Credential>;
}

const PAGE = 200;

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export async function readFleet(client: Client): Promise<Fleet> {
  const channels = await allOf(async (query) => (await client.listChannels({ query })).body);
  const credentials = await allOf(async (query) => (await client.listCredentials({ query })).body);
  return { channels: byName(channels), credentials: byName(credentials) };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

async function allOf<T>(
  read: (query: { limit: number; cursor?: string }) => Promise<PageOf<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const from: { cursor?: string } = cursor === null ? {} : { cursor };
    const page: PageOf<T> = await read({ limit: PAGE, ...from });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}
