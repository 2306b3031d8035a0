/** Acme's WABA whose payment failed: the incident that comes of it, and who hears. */
import assert from 'node:assert/strict';
import { addSupport, exampleFor, SUPPORT_ID } from './acme.ts';
import type { World } from './management-world.ts';

export const WABA_ID = '102290129340398';

const SLACK = { kind: 'slack', secrets: { url: 'https://hooks.slack.example/canary-0001' } };

/** The receivers *night*, which pages, and *ops*; then *support* and its incident, number 1. */
export async function troubleSupport(world: World): Promise<void> {
  await world.api('PUT', '/receivers/night', { body: { ...SLACK, urgency: 'page' } });
  await world.api('PUT', '/receivers/ops', { body: SLACK });
  await addSupport(world, { labels: { customer: 'acme' } });
  await blockAndRead(world);
}

/** *support* is BLOCKED for long enough to be sure of it. */
export async function blockAndRead(world: World): Promise<void> {
  world.upstreams.graph.answers(() => exampleFor('phone-blocked-payment', SUPPORT_ID));
  for (const wait of [60_000, 31_000]) {
    await world.clock.advance(wait);
    await readSupport(world);
  }
}

export async function readSupport(world: World): Promise<void> {
  const { status, text } = await world.api('POST', '/channels/support/checks', { body: {} });
  assert.equal(status, 200, text);
}

/** The outbox claims it, sends it, and gives it up. */
export async function killDelivery(world: World, id: string): Promise<void> {
  const now = world.clock.now();
  await world.store.change(async (tx) => {
    const claimed = await tx.outbox.claimDue({ now, limit: 10, leaseMs: 1_000 });
    const delivery = claimed.find((one) => one.id === id);
    assert.ok(delivery);
    const detail = 'It answered 410.';
    const attempt = {
      deliveryId: delivery.id,
      at: now,
      tookMs: 12,
      outcome: 'config',
      status: 410,
    } as const;
    await tx.outbox.addAttempt({ ...attempt, detail });
    const dead = {
      ...delivery,
      state: 'dead',
      reason: detail,
      attempts: 1,
      leaseUntil: 0,
    } as const;
    assert.ok(await tx.outbox.finish(dead));
  });
}
