/** A fleet of WABAs of three numbers each, watched by the schedule, whose entities say what a test wants. */
import assert from 'node:assert/strict';
import type { Channel } from '#domain/channel.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { Incident, IncidentEventKind } from '#domain/incidents/incident.ts';
import { startIncidentRounds } from '#monitor/incidents/rounds.ts';
import { watchFleet } from '#monitor/watch-fleet.ts';
import type { Store } from '#ports/store.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { openMonitorWorld } from '#test/monitor/monitor-world.ts';
import { addFleet, run } from '#test/monitor/schedule/fleet.ts';

const PER_WABA = 3;
const FIRST_NODE = 100_000_000_000_000;
export const MINUTE = 60_000;
/** Nothing here is decided in less. */
const STEP_MS = 2_000;

/** What an entity says of sending, and with which codes. */
export interface Word {
  readonly word: string;
  readonly codes?: readonly number[];
}

export type IncidentWorld = Awaited<ReturnType<typeof openIncidentWorld>>;

/** `await using world = await openIncidentWorld({ wabas: 4 });` Everything is fine, and read once. */
export async function openIncidentWorld(
  wish: {
    readonly wabas?: number;
    readonly firstWords?: Readonly<Record<string, Word>>;
    /** The number with this index fails from the beginning. */
    readonly neverRead?: number;
  } = {},
) {
  const world = await openMonitorWorld({ confirmAfterMs: 5_000, tickMs: 2_000 }, { isQuick: true });
  const words = new Map<string, Word>(Object.entries(wish.firstWords ?? {}));
  const failures = new Map<string, FailureCode>();
  if (wish.neverRead !== undefined) failures.set(`number ${wish.neverRead}`, 'malformed_answer');
  const moved = new Map<string, number>();
  const aggregate: { word: string | null } = { word: null };
  const channels = await addFleet(world, {
    channels: (wish.wabas ?? 2) * PER_WABA,
    credentials: 2,
  });
  world.upstreams.graph.answers(({ nodeId }) => {
    const no = Number(nodeId) - FIRST_NODE;
    const failure = failures.get('all') ?? failures.get(`number ${no}`);
    if (failure !== undefined) return failedAnswer(failure);
    const waba = moved.get(`number ${no}`) ?? Math.floor(no / PER_WABA);
    return goodAnswer(bodyOf(nodeId ?? '', { no, waba, words, aggregate: aggregate.word }));
  });
  const parts = [watchFleet(world.monitor), startIncidentRounds(world.monitor)];
  await run(world, 2.5 * MINUTE, STEP_MS);

  return {
    ...world,
    channels,
    /** From now on: `waba 1`, `number 3`, `business`. */
    says: (subject: string, word: Word | null) =>
      word === null ? void words.delete(subject) : void words.set(subject, word),
    fails: (subject: string, code: FailureCode | null) =>
      code === null ? void failures.delete(subject) : void failures.set(subject, code),
    /** From now on no entity says anything about sending, only Meta's aggregate does; null: they do again. */
    leavesToAggregate: (word: string | null) => void (aggregate.word = word),
    moves: (no: number, waba: number) => void moved.set(`number ${no}`, waba),
    /** Long waits in longer steps. */
    run: (ms: number) => run(world, ms, ms > 20 * MINUTE ? 5 * STEP_MS : STEP_MS),
    incidents: () => read(world.store),
    ...questions(world.store),
    channel(no: number): Channel {
      const channel = channels[no];
      assert.ok(channel);
      return channel;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(parts.map((part) => part.close()));
      await world[Symbol.asyncDispose]();
    },
  };
}

/** What a test asks of the store. */
function questions(store: Store) {
  return {
    /** The only one that there is. */
    async only(): Promise<Incident> {
      const all = await read(store);
      assert.equal(all.length, 1, all.map((one) => JSON.stringify(one.cause)).join('\n'));
      const [incident] = all;
      assert.ok(incident);
      return incident;
    },
    async counts({ id }: Incident) {
      return store.read((view) => view.incidents.countsOf(id));
    },
    async timeline({ id }: Incident): Promise<readonly IncidentEventKind[]> {
      const page = await store.read((view) =>
        view.incidents.eventsOf(id, { after: null, limit: 500 }),
      );
      return page.items.map(({ kind }) => kind);
    },
    async reasonsLeft({ id }: Incident): Promise<readonly (string | null)[]> {
      const page = await store.read((view) =>
        view.incidents.membersOf(id, { after: null, limit: 500 }),
      );
      return page.items.map(({ leftReason }) => leftReason);
    },
  };
}

async function read(store: Store): Promise<readonly Incident[]> {
  const page = { after: null, limit: 200 };
  return (await store.read((view) => view.incidents.list(page, {}))).items;
}

function bodyOf(
  nodeId: string,
  about: {
    readonly no: number;
    readonly waba: number;
    readonly words: ReadonlyMap<string, Word>;
    readonly aggregate: string | null;
  },
): unknown {
  const { no, waba, words, aggregate } = about;
  const entity = (type: string, id: string, said: Word | undefined) => ({
    entity_type: type,
    id,
    ...(aggregate === null ? { can_send_message: said?.word ?? 'AVAILABLE' } : {}),
    errors: (said?.codes ?? []).map((error_code) => ({
      error_code,
      error_description: `What ${error_code} says.`,
    })),
  });
  const entities = [
    entity('PHONE_NUMBER', nodeId, words.get(`number ${no}`)),
    entity('WABA', String(200_000_000_000_000 + waba), words.get(`waba ${waba}`)),
    entity('BUSINESS', '506914307656634', words.get('business')),
  ];
  return { health_status: { can_send_message: aggregate ?? 'AVAILABLE', entities }, id: nodeId };
}
