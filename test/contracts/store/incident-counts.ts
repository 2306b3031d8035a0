/** What is counted over incidents: what fixes took before, what opens again and again, what is new. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAcme, addSupport, NOON } from '#test/contracts/store/acme.ts';
import { aSign, opened, putSigns, resolvedAt, waba } from '#test/contracts/store/an-incident.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

export function incidentCountsContract(open: OpenStore): void {
  countingContract(open);
  newCausesContract(open);
}

function countingContract(open: OpenStore): void {
  test('how long earlier causes took counts from the acknowledgement to the first good read', async () => {
    await using store = await open();
    const earlierOf = (code: string) => store.read((view) => view.incidents.earlierOf(code));
    assert.equal(await earlierOf('141006'), null);
    const minute = 60_000;
    const cases = [
      { at: NOON, endedAt: NOON + 4 * minute },
      { at: NOON, endedAt: NOON + 40 * minute },
      // Good before anybody was at it, and closed by hand without a good read.
      { at: NOON, endedAt: NOON - 1 },
      { at: NOON, endedAt: null },
    ];
    for (const { at, endedAt } of cases) {
      const incident = await opened(store, { codes: ['141006', '141010'] });
      const acknowledgement = { at, by: 'Ada', note: 'new card' };
      const resolved = resolvedAt({ ...incident, acknowledgement }, NOON + 90 * minute);
      await store.change((tx) => tx.incidents.replace({ ...resolved, endedAt }));
    }
    const unacknowledged = await opened(store);
    await store.change((tx) => tx.incidents.replace(resolvedAt(unacknowledged, NOON)));
    const unresolved = await opened(store);
    const acknowledgement = { at: NOON, by: 'Ada', note: null };
    await store.change((tx) =>
      tx.incidents.replace({ ...unresolved, acknowledgement, endedAt: NOON + minute }),
    );
    const expected = { fromMs: 4 * minute, toMs: 40 * minute, cases: 2 };
    assert.deepEqual(await earlierOf('141006'), expected);
    assert.equal(await earlierOf('141010'), null);
  });

  test('openings of one cause are counted from a moment on, and open ones by severity', async () => {
    await using store = await open();
    const none = { critical: 0, error: 0, warning: 0, info: 0 };
    const openCounts = () => store.read((view) => view.incidents.openCounts());
    assert.deepEqual(await openCounts(), none);
    for (const openedAt of [NOON, NOON + 1, NOON + 2]) {
      const incident = await opened(store, { openedAt });
      await store.change((tx) => tx.incidents.replace(resolvedAt(incident, openedAt)));
    }
    await opened(store, { openedAt: NOON + 3 });
    await opened(store, { openedAt: NOON + 3, capability: 'calling', severity: 'error' });
    await opened(store, { openedAt: NOON + 3, cause: waba('2'), severity: 'error' });
    const opensOf = (since: number) =>
      store.read((view) => view.incidents.opensOf(waba(), 'messaging', since));
    assert.equal(await opensOf(NOON + 1), 3);
    assert.equal(await opensOf(NOON + 4), 0);
    assert.deepEqual(await openCounts(), { ...none, critical: 1, error: 2 });
  });
}

function newCausesContract(open: OpenStore): void {
  test('new causes are counted once each, however many channels and capabilities show them', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const since = NOON - 5;
    const count = () => store.read((view) => view.incidents.newCausesOf('graph', since));
    assert.equal(await count(), 0);
    const credential = { kind: 'credential', type: null, ref: support.credentialId } as const;
    await putSigns(store, [
      aSign(support.id, { cause: waba('one') }),
      aSign(sales.id, { cause: waba('one') }),
      aSign(sales.id, { cause: waba('one'), capability: 'calling' }),
      aSign(sales.id, { cause: waba('two') }),
      aSign(sales.id, { cause: waba('never worked'), worked: false }),
      aSign(sales.id, { cause: waba('too old'), firstBadAt: since - 1 }),
      aSign(sales.id, { cause: waba('muted'), stage: 'muted' }),
      aSign(sales.id, { cause: credential, capability: null }),
    ]);
    assert.equal(await count(), 2);
    await opened(store, { cause: waba('two') });
    await opened(store, { cause: waba('three') });
    await opened(store, { cause: waba('of before'), openedAt: since - 1 });
    await opened(store, { cause: waba('baseline'), isBaseline: true });
    await opened(store, { cause: waba('elsewhere'), upstream: 'dialog360' });
    await opened(store, { cause: credential, capability: null });
    assert.equal(await count(), 3);
    assert.equal(await store.read((view) => view.incidents.newCausesOf('dialog360', since)), 1);
  });

  test('new causes are counted up to a hundred', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const causes = Array.from({ length: 120 }, (_, at) => waba(`${at}`));
    await putSigns(
      store,
      causes.map((cause) => aSign(id, { cause })),
    );
    assert.equal(await store.read((view) => view.incidents.newCausesOf('graph', NOON)), 100);
  });
}
