/**
 * `tell-until-killed.ts sqlite|postgres <directory or address> <now> <death> <name>…`: opens an incident for each named
 * receiver that has none yet, and delivers with the real notifiers. It kills itself as soon as it comes to the step
 * of that name with an incident of its own. `never` delivers until nothing is owed; `wait` too, once it is told by a
 * line of input. The clock stands, so that what a dead program had claimed is nobody's until somebody who knows to be
 * alone leaps over leases and pauses.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { createIds } from '#app/uuid-ids.ts';
import { Problem } from '#domain/problem.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import { startTelling } from '#monitor/telling/start-telling.ts';
import type { Clock } from '#ports/clock.ts';
import { loopbackMeans } from '#test/fakes/loopback-receivers.ts';
import { openEngine } from '#test/fakes/open-engine.ts';
import { openIncident } from '#test/fakes/open-incident.ts';

const LOOK_EVERY_MS = 20;

const [, , engine = '', where = '', now = '', death = '', ...names] = process.argv;
const given = {
  ids: createIds({ clock: systemClock, randomness: systemRandomness }),
  randomness: systemRandomness,
};
const told = new Promise<void>((resolve) => {
  // The clock's timers keep no process alive; this does, for as long as the one that started it lives.
  process.stdin.on('data', () => resolve()).resume();
});
const store = await openEngine(engine, where, { ...given, clock: systemClock });
let at = Number(now);
const clock: Clock = {
  now: () => at,
  after: (delayMs, work) => store.clock.after(delayMs, work),
};
const own = new Set<string | null>();
/** The claims that this program made itself. */
const claims = new Set<string>();
for (const name of names) await observe(name);
if (death === 'opened') await die();
const means = loopbackMeans({
  store,
  clock,
  ...given,
  events: {
    emit(name, event) {
      if (name === 'background_failed' && isBug(event)) throw new Error(inspect(event));
    },
  },
});
const telling = startTelling({
  ...means,
  async onStep(step, delivery) {
    if (step === 'claimed' && delivery !== null) claims.add(claimOf(delivery));
    if (step === 'rendered') writeSync(1, 'sending\n');
    if (step === death && (delivery === null || own.has(delivery.incidentId))) await die();
  },
});
if (death === 'wait') await told;
if (death === 'wait' || death === 'never') {
  await untilNothingIsOwed();
  await telling.close();
  await store.close();
  process.stdin.destroy();
}

/** What a check does that shows a WABA blocked: the incident and what is owed about it, in one change. */
async function observe(name: string): Promise<void> {
  const owed = await store.change(async (tx) => {
    const [receiver, channel] = [await tx.receivers.find(name), await tx.channels.find(name)];
    if (receiver === null || channel === null) throw new Error(`nobody is called ${name}`);
    const concerned = { channelId: channel.id, receiverId: receiver.id };
    const opened = await openIncident(tx, given.ids, {
      waba: name,
      ...concerned,
      at: clock.now(),
    });
    if (death === 'opening') await die();
    return opened;
  });
  if (owed !== null) own.add(owed.incidentId);
}

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return Promise.withResolvers<never>().promise;
}

/** Looks again and again; what waits for the same twice is not waited for. */
async function untilNothingIsOwed(): Promise<void> {
  let before = 0;
  for (;;) {
    const next = await nextAt();
    if (next === null) return;
    if (next === before) at = Math.max(at, next);
    before = next;
    await new Promise<void>((resolve) => {
      systemClock.after(LOOK_EVERY_MS, resolve);
    });
  }
}

/** When something of what is owed can be sent; 0 while something is being sent, null when nothing is owed. */
async function nextAt(): Promise<number | null> {
  return store.read(async (view) => {
    const page = { after: null, limit: 500 };
    const { items } = await view.outbox.list(page, { states: ['pending'] });
    if (items.length === 0) return null;
    if (items.some((one) => one.leaseUntil > at && claims.has(claimOf(one)))) return 0;
    const receivers = new Map((await view.receivers.all()).map((one) => [one.id, one.heldUntil]));
    const times = items.map(({ nextAt: due, leaseUntil, receiverId }) =>
      Math.max(due, leaseUntil, receivers.get(receiverId) ?? 0),
    );
    return Math.min(...times);
  });
}

function claimOf({ id, claim }: Delivery): string {
  return `${id} ${claim}`;
}

function isBug(event: unknown): boolean {
  const error = typeof event === 'object' && event !== null && 'error' in event && event.error;
  return !(error instanceof Problem);
}
