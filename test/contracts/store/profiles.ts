/** Profiles: what is kept of them, when they are read, and what a portfolio has in common. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '#domain/profile.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import type { KnownProfile } from '#ports/profiles.ts';
import { UNKNOWN_PROFILE } from '#ports/profiles.ts';
import { addAcme, addSupport, NOON, TIMED_OUT } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';
import { rowOf } from '#test/contracts/store/harness.ts';

const HOUR = 3_600_000;

const ACME: Profile = {
  ...EMPTY_PROFILE,
  displayNumber: '+49 30 1234-56',
  verifiedName: 'Acme "Zürich" 🏔 \u202e',
  quality: 'GREEN',
  messagingLimit: 'TIER_1K',
  isOnBizApp: false,
  webhook: { application: 'https://acme.test/hook', waba: null, number: null, numberAskedAt: null },
};

const KNOWN: KnownProfile = { ...UNKNOWN_PROFILE, profile: ACME, readAt: NOON };

export function profilesContract(open: OpenStore): void {
  keepingContract(open);
  dueContract(open);
  portfolioContract(open);
}

function keepingContract(open: OpenStore): void {
  test('a profile comes back as it was written, and names its channel everywhere', async () => {
    await using store = await open();
    const support = await addSupport(store);
    assert.deepEqual((await rowOf(store, support.id)).names, {
      displayNumber: null,
      verifiedName: null,
    });
    await store.change((tx) => tx.profiles.write(support.id, KNOWN, NOON + HOUR));
    const reopened = await store.reopen();
    assert.deepEqual(await reopened.read((view) => view.profiles.find(support.id)), KNOWN);
    const names = { displayNumber: ACME.displayNumber, verifiedName: ACME.verifiedName };
    assert.deepEqual((await rowOf(reopened, support.id)).names, names);
    const { items } = await reopened.read((view) => view.channels.list({ after: null, limit: 1 }));
    assert.deepEqual(items[0]?.names, names);
    const named = { id: support.id, name: support.name, names };
    const known = () => reopened.read((view) => view.channels.namesOf([support.id, 'ch_ghost']));
    assert.deepEqual(await known(), new Map([[support.id, named]]));
    await reopened.change((tx) => tx.channels.archive(support.id, NOON));
    assert.deepEqual(await known(), new Map([[support.id, named]]));
  });

  test('a failed read is kept beside what was known, and nothing is known of a stranger', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const failed = { ...KNOWN, failure: TIMED_OUT, failuresInARow: 3 };
    await store.change((tx) => tx.profiles.write(support.id, failed, NOON));
    assert.deepEqual(await store.read((view) => view.profiles.find(support.id)), failed);
    assert.deepEqual(await store.read((view) => view.profiles.find('ch_ghost')), UNKNOWN_PROFILE);
    const known = await store.read((view) =>
      view.profiles.ofChannels([support.id, sales.id, 'ch_ghost']),
    );
    assert.deepEqual(
      known,
      new Map([
        [support.id, failed],
        [sales.id, UNKNOWN_PROFILE],
      ]),
    );
    assert.deepEqual(await store.read((view) => view.profiles.ofChannels([])), new Map());
  });

  test('a channel is found by the digits of its number until it is archived', async () => {
    await using store = await open();
    const support = await addSupport(store);
    await store.change((tx) => tx.profiles.write(support.id, KNOWN, NOON));
    const find = () => store.read((view) => view.channels.ofDigits(['49301234', '4930123456']));
    assert.deepEqual(await find(), new Map([['4930123456', support]]));
    await store.change((tx) => tx.channels.archive(support.id, NOON));
    assert.deepEqual(await find(), new Map());
  });

  test('channels are found by the nodes that they watch on graph', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    await store.change((tx) => tx.channels.archive(sales.id, NOON));
    const nodes = ['node of support', 'node of sales', 'another'];
    const found = await store.read((view) => view.channels.ofNodes(nodes));
    assert.deepEqual(found, new Map([['node of support', support]]));
  });
}

function dueContract(open: OpenStore): void {
  const claim = { limit: 10, againAt: NOON + HOUR };

  test('a new channel is due at once, and a claim keeps others away until it is given back', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const due = (now: number, most = 10) =>
      store.change((tx) => tx.profiles.claimDue({ ...claim, limit: most, now }));
    assert.deepEqual(await due(NOON - 1), []);
    const [first] = await due(NOON, 1);
    const [second] = await due(NOON, 1);
    assert.deepEqual(new Set([first, second]), new Set([support.id, sales.id]));
    assert.deepEqual(await due(NOON + HOUR - 1), []);
    assert.equal((await due(NOON + HOUR)).length, 2);
  });

  test('the longest waiting come first', async () => {
    await using store = await open();
    const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
    assert.ok(support && sales && orders);
    await store.change(async (tx) => {
      await tx.profiles.setDue(support.id, NOON + 3);
      await tx.profiles.write(sales.id, KNOWN, NOON + 1);
      await tx.profiles.setDue(orders.id, NOON + 2);
    });
    const due = await store.change((tx) => tx.profiles.claimDue({ ...claim, now: NOON + 5 }));
    assert.deepEqual(due, [sales.id, orders.id, support.id]);
  });

  test('a paused channel is not read, a resumed one at once, an archived one never again', async () => {
    await using store = await open();
    const support = await addSupport(store);
    const due = () => store.change((tx) => tx.profiles.claimDue({ ...claim, now: NOON + 9 }));
    const paused = { ...support, pausedAt: NOON + 1, updatedAt: NOON + 1 };
    await store.change((tx) => tx.channels.replace(paused));
    await store.change((tx) => tx.profiles.write(support.id, KNOWN, NOON));
    await store.change((tx) => tx.profiles.setDue(support.id, NOON));
    assert.deepEqual(await due(), []);
    await store.change((tx) => tx.channels.replace({ ...support, updatedAt: NOON + 2 }));
    assert.deepEqual(await due(), [support.id]);
    await store.change((tx) => tx.channels.archive(support.id, NOON + 3));
    await store.change((tx) => tx.profiles.setDue(support.id, NOON));
    assert.deepEqual(await due(), []);
  });
}

function portfolioContract(open: OpenStore): void {
  test('the limit of a portfolio is kept once, and an older read does not replace a newer one', async () => {
    await using store = await open();
    await store.change((tx) => tx.profiles.putPortfolio(limit('TIER_250', NOON)));
    await store.change((tx) => tx.profiles.putPortfolio(limit('TIER_10K', NOON + 2)));
    await store.change((tx) => tx.profiles.putPortfolio(limit('TIER_1K', NOON + 1)));
    const known = await store.read((view) => view.profiles.portfolios(['300', '301']));
    assert.deepEqual(known, new Map([['300', limit('TIER_10K', NOON + 2)]]));
  });
}

function limit(messagingLimit: string, readAt: number) {
  return { businessId: '300', messagingLimit, readAt };
}
