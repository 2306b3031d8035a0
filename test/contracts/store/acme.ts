/** Acme and its stranger Umbrella as a store sees them. */
import { createHash } from 'node:crypto';
import type { ApiKey } from '#domain/api-key.ts';
import type { App } from '#domain/app.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import type { Credential } from '#domain/credential.ts';
import type { Failure } from '#domain/failure.ts';
import type { ChannelId } from '#domain/id.ts';
import { Secret } from '#domain/secret.ts';
import type { Snapshot } from '#domain/snapshot.ts';
import type { Store } from '#ports/store.ts';
import { createFakeIds } from '#test/fakes/ids.ts';

export const NOON = Date.UTC(2026, 2, 1, 12);
export const ACME_TOKEN = 'EAAGm0PX4ZCpsBAacme-token-of-the-system-user';

const ids = createFakeIds();

export function anApp(about: Partial<App> = {}): App {
  return {
    id: ids.next('app'),
    name: 'acme-app',
    metaAppId: '1234567890123456',
    ours: true,
    hasSecret: false,
    createdAt: NOON,
    updatedAt: NOON + 1,
    ...about,
  };
}

export function aCredential(about: Partial<Credential> = {}): Credential {
  return {
    id: ids.next('cr'),
    name: 'acme',
    upstream: 'graph',
    appId: null,
    billedBy: 'meta',
    secretHint: 'user',
    createdAt: NOON,
    rotatedAt: NOON + 1,
    ...about,
  };
}

/** A channel of that credential, watching a node named after it. */
export function aChannel(credential: Credential, about: Partial<Channel> = {}): Channel {
  const name = about.name ?? 'support';
  return {
    id: ids.next('ch'),
    name,
    externalId: null,
    upstream: credential.upstream,
    credentialId: credential.id,
    nodeId: credential.upstream === 'graph' ? `node of ${name}` : null,
    labels: {},
    checkIntervalMs: null,
    intervalMs: credential.upstream === 'graph' ? 120_000 : 300_000,
    pausedAt: null,
    identity: null,
    createdAt: NOON,
    updatedAt: NOON,
    archivedAt: null,
    ...about,
  };
}

export function anApiKey(channelId: ChannelId, about: Partial<ApiKey> = {}): ApiKey {
  return {
    id: ids.next('key'),
    channelId,
    origin: 'issued',
    hint: 'wh_4kZ8',
    createdAt: NOON,
    expiresAt: null,
    revokedAt: null,
    ...about,
  };
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Stores Acme's credential and channels of these names. */
export async function addAcme(store: Store, ...names: string[]): Promise<readonly Channel[]> {
  const credential = aCredential();
  const channels = names.map((name) => aChannel(credential, { name }));
  await store.change(async (tx) => {
    await tx.credentials.add(credential, new Secret(ACME_TOKEN));
    for (const channel of channels) await tx.channels.add(channel);
  });
  return channels;
}

/** Stores Acme's channel *support* alone. */
export async function addSupport(store: Store): Promise<Channel> {
  const [channel] = await addAcme(store, 'support');
  if (channel === undefined) throw new Error('no channel was added');
  return channel;
}

export function bodyOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function aSnapshot(attempt: number, body: Uint8Array): Snapshot {
  return {
    attempt,
    startedAt: NOON + attempt * 1_000,
    readAt: NOON + attempt * 1_000 + 250,
    bodyHash: sha256(body),
    report: {
      nodeId: '106540352242922',
      reported: 'BLOCKED',
      entities: [
        {
          type: 'WABA',
          id: '102290129340398',
          words: { messaging: 'BLOCKED', calling: null },
          errors: [{ code: '141006', description: 'Payment "failed" 💳', solution: null }],
          info: ['Zero\u0000byte, lone \ud800 surrogate, emoji 🟢'],
        },
      ],
    },
    identity: {
      phoneNumberId: '106540352242922',
      wabaId: '102290129340398',
      businessId: null,
      appId: null,
    },
    served: { version: 'v26.0', traceId: `trace ${attempt}` },
  };
}

/** What a good read of that attempt leads to. */
export function goodState(attempt: number, body: Uint8Array): ChannelState {
  return {
    attempt,
    good: aSnapshot(attempt, body),
    since: { messaging: NOON + 250, calling: null },
    lastFailure: null,
    trust: { state: 'trusted' },
  };
}

export const TIMED_OUT: Failure = {
  code: 'timeout',
  detail: 'Meta did not answer within 10 s.',
  httpStatus: null,
  graphCode: null,
  graphSubcode: null,
  retryAfterMs: null,
  traceId: 'trace of the failure',
};

/** What a failed read of that attempt makes of what was known. */
export function failedState(attempt: number, before: ChannelState): ChannelState {
  const inARow = (before.lastFailure?.inARow ?? 0) + 1;
  const at = NOON + attempt * 1_000;
  return { ...before, attempt, lastFailure: { attempt, at, failure: TIMED_OUT, inARow } };
}
