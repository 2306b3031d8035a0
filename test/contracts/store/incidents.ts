/** Incidents: opened once for each cause, numbered, written again and erased. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '#domain/incidents/incident.ts';
import { addAcme, addSupport, NOON } from '#test/contracts/store/acme.ts';
import {
  aDraft,
  aMember,
  anEvent,
  opened,
  resolvedAt,
  waba,
} from '#test/contracts/store/an-incident.ts';
import { allPages, type OpenStore, refuses } from '#test/contracts/store/harness.ts';

export function incidentsContract(open: OpenStore): void {
  openingContract(open);
  timelineContract(open);
  pruningContract(open);
}

function openingContract(open: OpenStore): void {
  test('an incident comes back as it was written, by id and by number, after a restart too', async () => {
    await using store = await open();
    const { id: sentinelId } = await addSupport(store);
    const cause = waba('nul \u0000, lone \ud800, "quoted" 💳');
    const incident = await opened(store, { cause, detail: '<script>, \u202e', codes: [] });
    const other = await opened(store, { cause: { kind: 'server', type: null, ref: null } });
    const whole: Incident = {
      ...incident,
      status: 'LIMITED',
      severity: 'warning',
      codes: ['141006', '141010'],
      actor: 'provider',
      beganAt: NOON - 1,
      lastGoodAt: null,
      confirmation: { reads: 3, spanMs: 62_000, channels: 2, byWebhook: true },
      isBaseline: true,
      isFlapping: true,
      inhibitedBy: other.id,
      gatherUntil: NOON + 40_000,
      sentinelId,
      acknowledgement: { at: NOON + 1, by: 'Ada', note: null },
      watchUntil: NOON + 2,
      unseenSince: NOON + 3,
      endedAt: NOON + 4,
      resolvedAt: NOON + 5,
      resolution: 'gone',
    };
    await store.change((tx) => tx.incidents.replace(whole));
    const reopened = await store.reopen();
    await reopened.read(async ({ incidents }) => {
      assert.deepEqual(await incidents.find(whole.id), whole);
      assert.deepEqual(await incidents.find(String(whole.number)), whole);
      assert.deepEqual(await incidents.findAll([whole.id, other.id]), [whole, other]);
      for (const ref of ['0', '99', 'support', `inc_${'z'.repeat(26)}`]) {
        assert.equal(await incidents.find(ref), null, ref);
      }
    });
  });

  test('what a person can name an incident by, and its cause, stay as they are', async () => {
    await using store = await open();
    const incident = await opened(store);
    const other = { number: 7, cause: waba('2'), capability: null, openedAt: 1 } as const;
    await store.change((tx) => tx.incidents.replace({ ...incident, ...other }));
    assert.deepEqual(await store.read((view) => view.incidents.find(incident.id)), incident);
    await store.change((tx) => tx.incidents.replace({ ...incident, id: aDraft().id }));
  });

  test('a cause has one unresolved incident for each capability, and another once that is over', async () => {
    await using store = await open();
    const first = await opened(store);
    const again = () => store.change((tx) => tx.incidents.open(aDraft()));
    assert.equal(await again(), null);
    const openOf = (capability: 'messaging' | 'calling') =>
      store.read((view) => view.incidents.openOf(waba(), capability));
    assert.equal(await openOf('calling'), null);
    const calling = await opened(store, { capability: 'calling' });
    assert.deepEqual(await openOf('messaging'), first);
    assert.deepEqual(await openOf('calling'), calling);
    await store.change((tx) => tx.incidents.replace(resolvedAt(first, NOON + 60_000)));
    assert.equal(await openOf('messaging'), null);
    const second = await again();
    assert.deepEqual([first.number, calling.number, second?.number], [1, 2, 3]);
    const both = store.change((tx) => tx.incidents.replace(first));
    await refuses(both, 'conflict', /exists already/);
  });

  test('of many who open incidents at once each cause gets one, and numbers have no gap', async () => {
    await using store = await open();
    const causes = Array.from({ length: 24 }, (_, at) => waba(String(at % 8)));
    const opening = causes.map((cause) =>
      store.change(async (tx) => {
        const incident = await tx.incidents.open(aDraft({ cause }));
        return incident ?? (await tx.incidents.openOf(cause, 'messaging'));
      }),
    );
    const found = await Promise.all(opening);
    const numbers = new Set(found.map((incident) => incident?.number ?? assert.fail()));
    assert.deepEqual(
      [...numbers].toSorted((one, other) => one - other),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    const byCause = new Map(found.map((one) => [one?.cause.ref, one?.id]));
    for (const one of found) assert.equal(byCause.get(one?.cause.ref), one?.id);
  });

  test("the open incident of a cause is nobody else's until the change ends", async () => {
    await using store = await open();
    const { id } = await opened(store);
    const notes = Array.from({ length: 12 }, (_, at) => at);
    await Promise.all(
      notes.map((at) =>
        store.change(async (tx) => {
          const incident =
            at % 2 === 0
              ? await tx.incidents.openOf(waba(), 'messaging')
              : await tx.incidents.find(id);
          assert.ok(incident);
          await tx.incidents.replace({ ...incident, beganAt: incident.beganAt + 1 });
        }),
      ),
    );
    const incident = await store.read((view) => view.incidents.find(id));
    assert.equal(incident?.beganAt, NOON + notes.length);
  });
}

function timelineContract(open: OpenStore): void {
  test('a timeline has every event once, oldest first, whoever writes at the same time', async () => {
    await using store = await open();
    const { id: channelId } = await addSupport(store);
    const [one, other] = [await opened(store), await opened(store, { cause: waba('2') })];
    const whole = anEvent(one.id, {
      kind: 'acknowledged',
      channelId,
      by: 'Ada <ada@acme.example>',
      detail: 'NUL \u0000, emoji 💳',
    });
    await store.change((tx) => tx.incidents.addEvents([whole, anEvent(other.id)]));
    const noted = Array.from({ length: 10 }, (_, at) => `${at}`);
    await Promise.all(
      noted.map((detail) =>
        store.change((tx) =>
          tx.incidents.addEvents([
            anEvent(other.id, { detail }),
            anEvent(one.id, { detail }),
            anEvent(one.id, { detail: `${detail} again` }),
          ]),
        ),
      ),
    );
    const eventsOf = (id: typeof one.id) =>
      store.read((view) => allPages(3, (page) => view.incidents.eventsOf(id, page)));
    const [first, ...rest] = await eventsOf(one.id);
    assert.deepEqual(first, { ...whole, detail: 'NUL \u{fffd}, emoji 💳' });
    const told = rest.map(({ detail }) => detail);
    for (let at = 0; at < told.length; at += 2) assert.equal(told[at + 1], `${told[at]} again`);
    assert.deepEqual(
      told.toSorted((before, after) => String(before).localeCompare(String(after))),
      noted.flatMap((detail) => [detail, `${detail} again`]),
    );
    assert.equal((await eventsOf(other.id)).length, 11);
  });

  test('an event of an incident that is not there is left out', async () => {
    await using store = await open();
    const incident = await opened(store);
    const { id } = aDraft();
    await store.change(async (tx) => {
      await tx.incidents.addEvents([]);
      await tx.incidents.addEvents([anEvent(id), anEvent(incident.id)]);
    });
    const page = { after: null, limit: 9 };
    const events = await store.read((view) => view.incidents.eventsOf(incident.id, page));
    assert.deepEqual(events, { items: [anEvent(incident.id)], next: null });
  });
}

function pruningContract(open: OpenStore): void {
  test('incidents that were resolved long ago are erased in steps, with all that was theirs', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales', 'orders');
    const [old, recent, still] = [
      await opened(store),
      await opened(store, { cause: waba('2') }),
      await opened(store, { cause: waba('3') }),
    ];
    await store.change(async (tx) => {
      for (const { id } of [old, recent, still]) {
        for (const channel of channels) await tx.incidents.join(aMember(id, channel.id));
        await tx.incidents.addEvents(Array.from({ length: 5 }, () => anEvent(id)));
      }
      await tx.incidents.replace(resolvedAt(old, NOON + 1));
      await tx.incidents.replace(resolvedAt(recent, NOON + 2));
    });
    const step = () => store.change((tx) => tx.incidents.prune({ before: NOON + 2, limit: 2 }));
    const steps: number[] = [];
    do steps.push(await step());
    while (steps.at(-1) !== 0);
    assert.deepEqual(
      steps.reduce((sum, rows) => sum + rows, 0),
      1 + 3 + 5,
    );
    await store.read(async ({ incidents }) => {
      const page = { after: null, limit: 9 };
      assert.equal(await incidents.find(old.id), null);
      assert.deepEqual((await incidents.eventsOf(old.id, page)).items, []);
      assert.deepEqual((await incidents.membersOf(old.id, page)).items, []);
      for (const { id } of [recent, still]) {
        assert.ok(await incidents.find(id));
        assert.equal((await incidents.eventsOf(id, page)).items.length, 5);
        assert.equal((await incidents.membersOf(id, page)).items.length, 3);
      }
    });
    assert.equal((await opened(store)).number, 4, 'a number is given twice');
  });
}
