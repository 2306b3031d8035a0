/** A fleet of Acme's on one Graph token, and time that passes for it. */
import { setImmediate } from 'node:timers/promises';
import type { Channel } from '#domain/channel.ts';
import { Secret } from '#domain/secret.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Store } from '#ports/store.ts';
import type { MonitorWorld } from '#test/monitor/monitor-world.ts';

export interface FleetWish {
  readonly channels: number;
  /** How many tokens share them. */
  readonly credentials?: number;
  /** The token with this index. */
  readonly token?: (index: number) => string;
  readonly about?: Partial<Channel>;
}

/** Adds the channels `number-0` and up, unread. */
export async function addFleet(
  {
    deps: { ids, clock },
    store,
  }: { readonly deps: Pick<Deps, 'ids' | 'clock'>; readonly store: Store },
  { channels: count, credentials = 1, token = acmeToken, about = {} }: FleetWish,
): Promise<readonly Channel[]> {
  const now = clock.now();
  const access = Array.from({ length: credentials }, (_, at) => ({
    id: ids.next('cr'),
    name: `acme-${at}`,
    upstream: 'graph' as const,
    appId: null,
    billedBy: 'meta' as const,
    secretHint: '0001',
    createdAt: now,
    rotatedAt: now,
  }));
  const channels = Array.from({ length: count }, (_, at): Channel => {
    const credential = access[at % credentials];
    if (credential === undefined) throw new Error('a fleet needs a credential');
    return {
      id: ids.next('ch'),
      name: `number-${at}`,
      externalId: null,
      upstream: 'graph',
      credentialId: credential.id,
      nodeId: String(100_000_000_000_000 + at),
      labels: {},
      checkIntervalMs: about.intervalMs ?? null,
      intervalMs: 120_000,
      pausedAt: null,
      identity: null,
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
      ...about,
    };
  });
  await store.change(async (tx) => {
    for (const [index, credential] of access.entries()) {
      await tx.credentials.add(credential, new Secret(token(index)));
    }
    for (const channel of channels) await tx.channels.add(channel);
  });
  return channels;
}

function acmeToken(index: number): string {
  return `EAAGtoken-of-acme-${index}`;
}

/** Lets so much time pass, a second at a time unless told, and whatever falls due in it end. */
export async function run(
  { clock }: Pick<MonitorWorld, 'clock'>,
  ms: number,
  stepMs: number = 1_000,
): Promise<void> {
  const step = Math.min(ms, stepMs);
  for (let passed = 0; passed < ms; passed += step) {
    await clock.advance(step);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  }
}
