/** Hearing what other programs on the database changed, soon after they have. */
import type { Kysely } from 'kysely';
import type { Clock, Timer } from '#ports/clock.ts';
import type { Store } from '#ports/store.ts';
import type { Schema } from '#stores/sql/schema.ts';
import { presentPosition, pruneNotices, readNotices } from './notices.ts';

/** A key that was revoked elsewhere must be refused here within 5 s. */
const LOOK_MS = 1_000;
const PRUNE_MS = 60_000;
/** Hearing something again does no harm, so what is remembered as heard may be forgotten. */
const HEARD_MAX = 100_000;

type Hear = Parameters<Store['follow']>[0];

export interface Follower {
  readonly follow: Store['follow'];
  /** Looks at once instead of at the end of the second. */
  wake(): void;
  stop(): Promise<void>;
}

export interface FollowerParts {
  readonly reader: Kysely<Schema>;
  readonly writer: Kysely<Schema>;
  readonly clock: Clock;
  /** Whose notices are its own and not heard. */
  readonly program: string;
}

/** What is committed from when it resolves on will be heard. */
export async function createFollower(parts: FollowerParts): Promise<Follower> {
  const { clock } = parts;
  const hearers: Hear[] = [];
  const look = createLook(parts, await presentPosition(parts.reader));
  const pruner = createPruner(parts);
  let looking: Promise<void> | null = null;
  let isMissed = false;
  let isStopped = false;
  let timer: Timer | null = null;

  async function lookAround(): Promise<void> {
    try {
      do {
        isMissed = false;
        await look((notice) => hearers.forEach((hear) => hear(notice)));
      } while (isMissed);
      await pruner.step();
    } catch {
      // The database is away; what was missed is read when it is back.
    }
    looking = null;
    schedule();
  }

  function start(): void {
    timer?.cancel();
    if (looking === null) looking = lookAround();
    else isMissed = true;
  }

  function schedule(): void {
    if (!isStopped) timer = clock.after(LOOK_MS, start);
  }

  return {
    follow(hear) {
      hearers.push(hear);
      if (hearers.length === 1) schedule();
    },
    wake() {
      if (!isStopped && hearers.length > 0) start();
    },
    async stop() {
      isStopped = true;
      timer?.cancel();
      await looking;
    },
  };
}

/** A look at what was told since the one before: each thing once, and nothing of one's own. */
function createLook({ reader, program }: FollowerParts, from: string) {
  let position = from;
  let heard = new Set<string>();
  return async (hear: Hear): Promise<void> => {
    const fresh: string[] = [];
    const next = await readNotices(reader, position, (row) => {
      if (fresh.length < HEARD_MAX) fresh.push(row.id);
      if (row.program === program || heard.has(row.id)) return;
      hear({ noun: row.noun, ref: row.ref });
    });
    // What comes after the new position will be met again.
    heard = new Set(fresh.filter((id) => id > next));
    position = next;
  };
}

function createPruner({ writer, clock }: FollowerParts): { step(): Promise<void> } {
  let againAt = 0;
  return {
    async step() {
      const now = clock.now();
      if (now < againAt) return;
      const isMore = await pruneNotices(writer, now);
      againAt = isMore ? now : now + PRUNE_MS;
    },
  };
}
