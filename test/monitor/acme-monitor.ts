/** What Acme asks of the management verbs, and what is stored after them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import type { ChannelWish } from '#monitor/channel-wish.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential } from '#monitor/put-credential.ts';
import type { Store } from '#ports/store.ts';
import type { Answer } from '#ports/upstream.ts';
import { goodAnswer } from '#test/fakes/upstream.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { example } from './monitor-world.ts';

export const SUPPORT_NUMBER = '106540352242922';
export const SALES_NUMBER = '106540352242933';
export const TOKEN = 'acme-graph-token-0001';
export const KEY = 'acme-360dialog-key-0001';

/** A good answer about this number. */
export function wellFor(number: string, name: string = 'phone-available'): Answer {
  return goodAnswer(example(name).replaceAll(SUPPORT_NUMBER, number));
}

/** Both upstreams answer that all is well, on graph for whatever number was asked. */
export function allIsWell({ upstreams }: MonitorWorld): void {
  upstreams.graph.answers(({ nodeId }) => wellFor(nodeId ?? ''));
  upstreams.dialog360.answers(() => wellFor(SUPPORT_NUMBER));
}

const PLAIN = {
  externalId: null,
  labels: {},
  checkIntervalMs: null,
  adoptKey: false,
  check: true,
} as const;

/** A number through the credential *acme-token*. */
export function graphWish(about: Partial<ChannelWish> = {}): ChannelWish {
  const credential = { ref: 'acme-token' };
  return { ...PLAIN, upstream: 'graph', credential, nodeId: SUPPORT_NUMBER, ...about };
}

/** A number with a key of its own, which clients may go on using. */
export function keyWish(text: string = KEY, about: Partial<ChannelWish> = {}): ChannelWish {
  const credential = { secret: new Secret(text), billedBy: 'provider', app: null } as const;
  return { ...PLAIN, upstream: 'dialog360', credential, nodeId: null, adoptKey: true, ...about };
}

/** Adds the credential *acme-token*. */
export async function addToken({ monitor }: MonitorWorld, app: string | null = null) {
  const secret = new Secret(TOKEN);
  const wish = { upstream: 'graph', secret, app, billedBy: 'meta' } as const;
  return (await putCredential(monitor, 'acme-token', wish)).credential;
}

/** Adds *support* with its own key, which is adopted, and one good read. */
export async function addSupport(world: MonitorWorld) {
  allIsWell(world);
  return (await putChannel(world.monitor, 'support', keyWish())).channel;
}

/** Which channel this key opens, as a client would learn it; null when none. */
export async function openedBy({ monitor }: MonitorWorld, text: string): Promise<string | null> {
  const key = await monitor.keyring.resolve(monitor.deps.digest.sha256Hex(text));
  return key?.channelId ?? null;
}

/** The names of all that is stored. */
export function storedNames(store: Store) {
  const page = { after: null, limit: 500 };
  return store.read(async (view) => {
    const apps = await view.apps.list(page);
    const credentials = await view.credentials.list(page);
    const channels = await view.channels.list(page);
    const archived = await view.channels.list(page, { archived: true });
    return {
      apps: apps.items.map(({ name }) => name),
      credentials: credentials.items.map(({ name }) => name),
      channels: channels.items.map(({ channel }) => channel.name),
      archived: archived.items.map(({ channel }) => channel.name),
    };
  });
}

export const NOTHING = { apps: [], credentials: [], channels: [], archived: [] };

/** Every byte of the data directory's files, as one text of one character a byte. */
export function bytesOf(dataDir: string): string {
  const files = readdirSync(dataDir, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ name }) => readFileSync(join(dataDir, name), 'latin1')).join('\n');
}

/** For `assert.rejects`: an invalid request, and exactly these of its fields are named, in this order. */
export function refusedFor(...fields: readonly string[]) {
  return (error: unknown): true => {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, 'invalid_request');
    assert.deepEqual(
      error.items.map(({ at }) => at),
      fields,
    );
    for (const { at, message } of error.items)
      assert.ok(error.message.includes(`${at} ${message}`));
    return true;
  };
}
