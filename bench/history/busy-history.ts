/** A store with months of history: one channel that changes all the time, and a fleet around it. */
import { createIds } from '#app/uuid-ids.ts';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import type { Channel } from '#domain/channel.ts';
import { Secret } from '#domain/secret.ts';
import type { Change, Transition } from '#domain/transition.ts';
import { BLANK_CHANGE, entitySeries, verdictSeries } from '#domain/transition.ts';
import type { Store, StoreChange } from '#ports/store.ts';
import { openSqliteStore } from '#stores/sqlite/open.ts';

export const BUSY = 'busy';
export const DAY_MS = 86_400_000;

const ROWS_AT_ONCE = 500;
const WABA = { type: 'WABA', id: '102290129340398' };
const EVENTS_OF_OTHERS = 5;

export interface World {
  readonly days: number;
  /** How often the busy channel changes, in ms. */
  readonly everyMs: number;
  /** The channels around it. */
  readonly channels: number;
}

const ids = createIds({ clock: systemClock, randomness: systemRandomness });

/** Makes the store in this directory and closes it. Gives how many transitions there are. */
export async function writeHistory(dataDir: string, world: World): Promise<number> {
  const ports = { clock: systemClock, ids, randomness: systemRandomness };
  const store = await openSqliteStore({ dataDir, sealKey: null, ...ports });
  try {
    return await fill(store, world);
  } finally {
    await store.close();
  }
}

async function fill(store: Store, world: World): Promise<number> {
  const now = systemClock.now();
  const began = now - world.days * DAY_MS;
  const channels = await addChannels(store, world.channels, began);
  const [busy, ...others] = channels;
  if (busy === undefined) throw new Error('no channel was added');
  const events = Math.floor((now - began) / world.everyMs);
  const transitions = [
    ...transitionsOf(busy, events, { began, everyMs: world.everyMs }),
    ...others.flatMap((channel, index) => {
      const everyMs = Math.floor((now - began) / EVENTS_OF_OTHERS) - index;
      return transitionsOf(channel, EVENTS_OF_OTHERS, { began, everyMs });
    }),
  ].toSorted((one, other) => one.at - other.at);
  for (let at = 0; at < transitions.length; at += ROWS_AT_ONCE) {
    await store.change((tx) => tx.history.add(transitions.slice(at, at + ROWS_AT_ONCE)));
  }
  return transitions.length;
}

async function addChannels(store: Store, count: number, createdAt: number): Promise<Channel[]> {
  const credentialId = ids.next('cr');
  const names = [BUSY, ...Array.from({ length: count }, (_, n) => `other-${n}`)];
  const channels = names.map((name, n) => channelOf(name, { n, credentialId, createdAt }));
  await store.change((tx) => addCredential(tx, credentialId, createdAt));
  for (let at = 0; at < channels.length; at += ROWS_AT_ONCE) {
    await store.change(async (tx) => {
      for (const channel of channels.slice(at, at + ROWS_AT_ONCE)) await tx.channels.add(channel);
    });
  }
  return channels;
}

async function addCredential(
  tx: StoreChange,
  id: Channel['credentialId'],
  createdAt: number,
): Promise<void> {
  const about = { name: 'acme', upstream: 'graph', appId: null, billedBy: 'meta' } as const;
  const times = { createdAt, rotatedAt: createdAt };
  await tx.credentials.add(
    { id, ...about, secretHint: 'acme', ...times },
    new Secret('acme-token'),
  );
}

/** Paused, so that nothing is read while we measure. */
function channelOf(
  name: string,
  about: { n: number; credentialId: Channel['credentialId']; createdAt: number },
): Channel {
  const { n, credentialId, createdAt } = about;
  return {
    id: ids.next('ch'),
    name,
    externalId: null,
    upstream: 'graph',
    credentialId,
    nodeId: String(100_000_000_000_000 + n),
    labels: {},
    checkIntervalMs: null,
    intervalMs: 120_000,
    pausedAt: systemClock.now(),
    identity: null,
    createdAt,
    updatedAt: createdAt,
    archivedAt: null,
  };
}

/** At each event the WABA turns BLOCKED or AVAILABLE, and the verdict and a finding with it. */
function transitionsOf(
  channel: Channel,
  events: number,
  { began, everyMs }: { readonly began: number; readonly everyMs: number },
): Transition[] {
  return Array.from({ length: events }, (_, n) => {
    const [was, is] = n % 2 === 0 ? ['AVAILABLE', 'BLOCKED'] : ['BLOCKED', 'AVAILABLE'];
    const at = began + n * everyMs;
    const capability = 'messaging' as const;
    const about = { ...BLANK_CHANGE, at, capability };
    const subject = { subjectType: WABA.type, subjectId: WABA.id };
    const [gone, present] = n % 2 === 0 ? [null, 'present'] : ['present', null];
    const changes: Change[] = [
      {
        ...about,
        kind: 'verdict',
        series: verdictSeries(capability),
        was: n === 0 ? 'UNKNOWN' : was,
        is,
      },
      { ...about, ...subject, kind: 'entity', series: entitySeries(WABA, capability), was, is },
      {
        ...about,
        ...subject,
        kind: 'finding',
        series: `finding:${JSON.stringify(['entity', WABA.type, WABA.id, 'error', '141006'])}`,
        code: '141006',
        was: gone,
        is: present,
        detail: 'There is an error with the payment method.',
      },
    ];
    return changes.map((change) => ({
      ...change,
      id: ids.next('tr'),
      channelId: channel.id,
      attempt: n + 1,
      startedAt: at - 250,
      traceId: 'Abc123Abc123',
      version: 'v26.0',
      bodyBefore: null,
      bodyAfter: null,
    }));
  }).flat();
}
