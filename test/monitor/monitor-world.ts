/** A monitor on a real store, before upstreams that answer what a test says, in a time that a test moves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sha256Digest } from '#app/sha256-digest.ts';
import type { ApiKey } from '#domain/api-key.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import type { Deps, Policy } from '#monitor/deps.ts';
import type { KnownKey } from '#monitor/keyring.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { EventMap, EventName } from '#ports/events.ts';
import type { Store } from '#ports/store.ts';
import type { Answer } from '#ports/upstream.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeDirectory } from '#test/fakes/directory.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { createFakeUpstream, goodAnswer } from '#test/fakes/upstream.ts';

export type MonitorWorld = Awaited<ReturnType<typeof openMonitorWorld>>;

/** The secret of *support*'s credential, which is its adopted key too. */
export const SUPPORT_SECRET = 'acme-360dialog-key-0001';

/** One of the upstream's documented answers, as it is on the wire. */
export function example(name: string): string {
  return readFileSync(`test/fixtures/health/${name}.json`, 'utf8');
}

/** `await using world = await openMonitorWorld();` */
export async function openMonitorWorld(
  policy: Partial<Policy> = {},
  disk: { readonly maxBytes?: number; readonly isQuick?: boolean } = {},
) {
  const clock = createFakeClock();
  const store = await openTestStore({ clock, ...disk });
  const away = { store: false };
  const looks = { reads: 0, changes: 0 };
  const upstreams = {
    graph: createFakeUpstream('graph'),
    dialog360: createFakeUpstream('dialog360'),
  };
  const directory = createFakeDirectory();
  const events: { readonly name: string; readonly event: unknown }[] = [];
  const deps: Deps = {
    store: watched(store, away, looks),
    upstreams,
    directory,
    webhooks: metaWebhooks,
    clock,
    ids: createFakeIds(),
    randomness: createFakeRandomness(),
    digest: sha256Digest,
    events: { emit: (name, event) => void events.push({ name, event }) },
    policy: { ...DEFAULT_POLICY, ...policy },
  };
  const monitor = createMonitor(deps);

  return {
    clock,
    store,
    /** Set `store` to true and nothing reaches the store any more. */
    away,
    /** How often the monitor went to the store. */
    looks,
    upstream: upstreams.dialog360,
    upstreams,
    directory,
    deps,
    monitor,
    events,
    told<N extends EventName>(name: N): EventMap[N][] {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- emitted under this name
      return events.filter((one) => one.name === name).map((one) => one.event as EventMap[N]);
    },
    /** What the store has of a channel, past all memory. */
    async stateOf({ id }: Channel): Promise<ChannelState> {
      const row = await store.read((view) => view.channels.findRow(id));
      assert.ok(row);
      return row.state;
    },
    addChannel: (about?: Partial<Channel>) => addChannel(deps, about),
    addKey: (channel: Channel, about?: AboutKey) => addKey(deps, channel, about),
    async [Symbol.asyncDispose]() {
      await monitor.close();
      await store[Symbol.asyncDispose]();
    },
  };
}

function lost(): Promise<never> {
  return Promise.reject(new Problem('store_unavailable', 'The disk is gone.'));
}

function watched(
  store: Store,
  away: { readonly store: boolean },
  looks: { reads: number; changes: number },
): Store {
  return {
    read(work) {
      looks.reads += 1;
      return away.store ? lost() : store.read(work);
    },
    scan: (work) => (away.store ? lost() : store.scan(work)),
    change(work) {
      looks.changes += 1;
      return away.store ? lost() : store.change(work);
    },
    follow: (hear) => store.follow(hear),
    close: () => store.close(),
  };
}

async function addChannel(deps: Deps, about: Partial<Channel> = {}): Promise<Channel> {
  const { store, ids, clock } = deps;
  const now = clock.now();
  const name = about.name ?? 'support';
  const upstream = about.upstream ?? 'dialog360';
  const credential = {
    id: ids.next('cr'),
    name,
    upstream,
    appId: null,
    billedBy: 'meta',
    secretHint: '0001',
    createdAt: now,
    rotatedAt: now,
  } as const;
  const channel: Channel = {
    id: ids.next('ch'),
    name,
    externalId: null,
    upstream,
    credentialId: credential.id,
    nodeId: upstream === 'graph' ? '106540352242922' : null,
    labels: {},
    checkIntervalMs: 120_000,
    intervalMs: about.checkIntervalMs ?? 120_000,
    pausedAt: null,
    identity: null,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
    ...about,
  };
  const secret = new Secret(name === 'support' ? SUPPORT_SECRET : `acme-key-of-${name}`);
  await store.change(async (tx) => {
    await tx.credentials.add(credential, secret);
    await tx.channels.add(channel);
  });
  return channel;
}

export interface AboutKey {
  readonly text?: string;
  readonly origin?: ApiKey['origin'];
  readonly expiresAt?: number | null;
}

/** The text of an issued key, unless the test says otherwise. */
export const ISSUED_KEY = `wh_${'a'.repeat(43)}`;

async function addKey(deps: Deps, channel: Channel, about: AboutKey = {}): Promise<KnownKey> {
  const { store, ids, clock, digest } = deps;
  const { text = ISSUED_KEY, origin = 'issued', expiresAt = null } = about;
  const id = ids.next('key');
  const createdAt = clock.now();
  const channelId = channel.id;
  const key = { id, channelId, origin, hint: text.slice(0, 7), createdAt, expiresAt };
  await store.change((tx) => tx.apiKeys.add({ ...key, revokedAt: null }, digest.sha256Hex(text)));
  return { keyId: id, channelId, origin, expiresAt };
}

/** A good answer as in this example, but for its top-level id: bodies that can be told apart. */
export function numbered(name: string, n: number): Answer {
  return goodAnswer({ ...JSON.parse(example(name)), id: String(n) });
}

/** An answer that comes when the test says so. */
export function later(): { answer: Promise<Answer>; come: (answer: Answer) => void } {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  return { answer: promise, come: resolve };
}
