/** Takes the steps on the implementation, and says what came of them in the words of the model. */
import assert from 'node:assert/strict';
import { sha256Digest } from '#app/sha256-digest.ts';
import type { Channel } from '#domain/channel.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { ChannelId } from '#domain/id.ts';
import { causeKey } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import type { Deps } from '#monitor/deps.ts';
import { outdatedRound } from '#monitor/incidents/outdated-round.ts';
import { acknowledge, resolveByHand } from '#monitor/incidents/verbs.ts';
import { createMonitor } from '#monitor/monitor.ts';
import { pauseChannels, resumeChannels } from '#monitor/pause-channels.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import type { Ids } from '#ports/ids.ts';
import type { Store } from '#ports/store.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { createFakeDirectory } from '#test/fakes/directory.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { createFakeUpstream, failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { addFleet } from '#test/monitor/schedule/fleet.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import type { SaidAnswer } from './answers.ts';
import { bodyOf } from './answers.ts';

const ALL = { after: null, limit: 200 };

export type Reply = SaidAnswer | FailureCode;

export interface DriveMeans {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly ids: Ids;
}

export type Drive = ReturnType<typeof createDrive>;

/** A fleet on two credentials, unread. */
export function addModelFleet(means: DriveMeans, count: number): Promise<readonly Channel[]> {
  return addFleet({ deps: means, store: means.store }, { channels: count, credentials: 2 });
}

/** A program on the store; its schedule is not started: whoever takes steps reads. */
export function createDrive({ store, clock, ids }: DriveMeans, channels: readonly Channel[]) {
  const replies = new Map<string, Reply>();
  const closely = new Map<ChannelId, boolean>();
  const graph = createFakeUpstream('graph');
  graph.answers(({ nodeId }) => {
    const reply = replies.get(nodeId ?? '') ?? 'unreachable';
    return typeof reply === 'string' ? failedAnswer(reply) : goodAnswer(bodyOf(reply));
  });
  const deps: Deps = {
    store: noting(store, closely),
    upstreams: { graph, dialog360: createFakeUpstream('dialog360') },
    directory: createFakeDirectory(),
    webhooks: metaWebhooks,
    clock,
    ids,
    randomness: createFakeRandomness(),
    digest: sha256Digest,
    events: { emit: () => undefined },
    policy: DEFAULT_POLICY,
  };
  const monitor = createMonitor(deps);
  const idOf = (no: number): ChannelId => {
    const channel = channels[no];
    assert.ok(channel);
    return channel.id;
  };
  return {
    deps,
    closely,
    idOf,
    async read(no: number, reply: Reply) {
      replies.set(channels[no]?.nodeId ?? '', reply);
      await monitor.checkChannel(idOf(no), { forced: true, timeoutMs: 5_000 });
    },
    pause: (no: number) => pauseChannels(monitor, [idOf(no)], { reason: null }),
    resume: (no: number) => resumeChannels(monitor, [idOf(no)], { reason: null }),
    remove: (no: number) => removeChannel(monitor, idOf(no), { purge: false }),
    round: () => outdatedRound(deps, new AbortController().signal),
    acknowledge: ({ id }: Incident) =>
      acknowledge(deps, id, { by: 'ops', note: null, watch: true }),
    resolve: ({ id }: Incident) => resolveByHand(deps, id, { by: 'ops', note: null }),
    found: () => findings(store, channels),
    close: () => monitor.close(),
  };
}

/** What the store knows, as far as the model speaks of it. */
async function findings(store: Store, channels: readonly Channel[]) {
  return store.read(async ({ incidents }) => {
    const { items } = await incidents.list(ALL, {});
    const all = items.toSorted((one, other) => one.number - other.number);
    const signs = await Promise.all(channels.map(({ id }) => incidents.signsOf(id)));
    const members = await Promise.all(
      all.map(async ({ id }) => {
        const { items: ever } = await incidents.membersOf(id, ALL);
        return ever.filter(({ leftAt }) => leftAt === null).map(({ channelId }) => channelId);
      }),
    );
    return {
      incidents: all.map((incident, at) => ({
        incident,
        key: causeKey(incident.cause, incident.capability),
        members: (members[at] ?? []).toSorted(),
      })),
      signs: signs.flat(),
    };
  });
}

/** Remembers which channels are read closely, as it is written. */
function noting(store: Store, closely: Map<ChannelId, boolean>): Store {
  return {
    ...store,
    async change(work) {
      let written: [ChannelId, boolean][] = [];
      const result = await store.change((tx) => {
        written = [];
        const { incidents } = tx;
        return work({
          ...tx,
          incidents: {
            ...incidents,
            async setClosely(id, isClosely) {
              written.push([id, isClosely]);
              await incidents.setClosely(id, isClosely);
            },
          },
        });
      });
      for (const [id, isClosely] of written) closely.set(id, isClosely);
      return result;
    },
  };
}
