/** Signs: what one channel shows of one cause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '#domain/status.ts';
import type { Channel } from '#domain/channel.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import { addAcme, addSupport, NOON } from '#test/contracts/store/acme.ts';
import { aSign, opened, putSigns, waba } from '#test/contracts/store/an-incident.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

export function signsContract(open: OpenStore): void {
  writingContract(open);
  suspicionContract(open);
}

function writingContract(open: OpenStore): void {
  test('a sign comes back as it was written, one for each cause and capability', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const incident = await opened(store);
    const strange = waba('nul \u0000 and lone \ud800');
    const [first, calling, other] = [
      aSign(support.id, { cause: strange, codes: ['141006', 'x \u0000'] }),
      aSign(support.id, { capability: 'calling', worked: false, replaced: null }),
      aSign(sales.id, { cause: strange }),
    ];
    await putSigns(store, [first, calling, other]);
    const signsOf = (channel: Channel) => store.read((view) => view.incidents.signsOf(channel.id));
    assert.deepEqual(await signsOf(support), [calling, first]);
    const member: Sign = {
      ...first,
      stage: 'member',
      incidentId: incident.id,
      status: 'LIMITED',
      badReads: 4,
      lastBadAt: NOON + 4,
      goodSince: NOON + 5,
      goodAt: NOON + 6,
    };
    await putSigns(store, [member]);
    assert.deepEqual(await signsOf(support), [calling, member]);
    await store.change((tx) => tx.incidents.dropSign(support.id, member));
    await store.change((tx) => tx.incidents.dropSign(support.id, member));
    assert.deepEqual(await signsOf(support), [calling]);
    assert.deepEqual(await signsOf(sales), [other]);
    await store.change((tx) => tx.incidents.dropSign(support.id, null));
    assert.deepEqual(await signsOf(support), []);
    assert.deepEqual(await signsOf(sales), [other]);
  });

  test('a sign of a channel that is gone is not written', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await store.change((tx) => tx.channels.purge(id));
    await putSigns(store, [aSign(id)]);
    assert.deepEqual(await store.read((view) => view.incidents.signsOf(id)), []);
  });
}

function suspicionContract(open: OpenStore): void {
  test('suspects of one cause are seen together, and nobody else with them', async () => {
    await using store = await open();
    const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
    assert.ok(support && sales && orders);
    const suspicion = (status: Status = 'LIMITED') =>
      store.read((view) => view.incidents.suspicionOf(waba(), 'messaging', status));
    assert.equal(await suspicion(), null);
    await putSigns(store, [
      aSign(support.id, { badReads: 2, firstStartedAt: NOON + 1, firstBadAt: NOON + 2 }),
      aSign(sales.id, {
        status: 'LIMITED',
        firstStartedAt: NOON + 3,
        firstBadAt: NOON + 4,
        goodAt: NOON - 1,
      }),
      aSign(orders.id, { stage: 'muted', firstStartedAt: 1, firstBadAt: 2 }),
      aSign(orders.id, { cause: waba('2'), firstStartedAt: 1, firstBadAt: 2 }),
      aSign(orders.id, { capability: 'calling', firstStartedAt: 1, firstBadAt: 2 }),
    ]);
    assert.deepEqual(await suspicion(), {
      channels: 2,
      reads: 3,
      firstStartedAt: NOON + 1,
      firstBadAt: NOON + 2,
      goodAt: NOON - 1,
    });
    // What is milder is no witness of what is worse.
    const blocked = await suspicion('BLOCKED');
    assert.deepEqual([blocked?.channels, blocked?.reads], [1, 2]);
  });
}
