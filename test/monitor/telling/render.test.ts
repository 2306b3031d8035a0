import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryKind } from '#domain/telling/delivery.ts';
import { aRule } from '#test/contracts/store/acme-telling.ts';
import { aSign, putSigns } from '#test/contracts/store/an-incident.ts';
import { NIGHT } from '#test/domain/samples.ts';
import { HOUR, over } from '#test/domain/telling/samples.ts';
import { anotherWaba, happened, openTellingWorld, read, said } from './telling-world.ts';

const TAKEN = { at: NIGHT, by: 'Ann', note: 'Acme adds a card.' };

test('a message tells who is affected, by name and with the true count', async () => {
  await using world = await openTellingWorld({ numbers: 40 });
  const { id: incidentId } = await happened(world);
  const text = await read(world, { incidentId });
  assert.match(
    text,
    /^BLOCKED since 02:47 UTC \(03:47 Berlin\): Acme GmbH, WABA 1022…0398, 40 of its 40 numbers\n/,
  );
  assert.match(text, /\nWhy: payment method failed \(141006\)\.\n/);
  assert.match(text, /\nNumbers: \+49 30 1000 \(shop-0\), .* and 37 more\.\n/);
  assert.match(text, /\nNext: on change, else 06:48 UTC/);
  assert.match(text, /\nIncident 1: waba-health incidents show 1\n$/);
});

test('a message that waited tells of what is true when it is sent', async () => {
  const cases: readonly (readonly [DeliveryKind, object, RegExp | null])[] = [
    ['opened', {}, /^BLOCKED since/],
    ['opened', { isFlapping: true }, /^FLAPPING since .*: BLOCKED and good again: Acme/],
    ['opened', over(), /^BLOCKED since .*, over since 05:10 UTC .* Lasted 2 h 23 min\.\n/],
    ['opened', over({ resolution: 'gone' }), /^NO LONGER WATCHED/],
    ['worse', {}, /^NOW BLOCKED/],
    ['worse', over(), null],
    ['reminder', {}, /^STILL BLOCKED/],
    ['reminder', { acknowledgement: TAKEN }, null],
    ['reminder', over(), null],
    ['flapping', {}, /^FLAPPING/],
    ['resolved', over(), /^RECOVERED 05:10 UTC/],
    ['resolved', over({ resolution: 'gone' }), /^NO LONGER WATCHED/],
    ['resolved', over({ resolution: 'manual' }), /^CLOSED BY HAND/],
    ['resolved', {}, null],
    ['silence_ended', {}, /^SILENCE ENDED, STILL BLOCKED/],
    ['silence_ended', over(), null],
  ];
  for (const [kind, about, expected] of cases) {
    await using world = await openTellingWorld({ numbers: 2 });
    const { id: incidentId } = await happened(world, { about });
    const text = await read(world, { kind, incidentId });
    if (expected === null) assert.equal(text, '', kind);
    else assert.match(text, expected);
  }
});

test('nothing is told of an incident that was erased', async () => {
  await using world = await openTellingWorld();
  assert.equal(await said(world, { incidentId: `inc_${'0'.repeat(26)}` }), null);
});

test('who left for another reason than that it is good again is never told as recovered', async () => {
  await using world = await openTellingWorld({ numbers: 3 });
  const { id: incidentId } = await happened(world, {
    about: over(),
    left: ['retired', 'recovered', 'recovered'],
  });
  const text = await read(world, { kind: 'resolved', incidentId });
  assert.match(text, /Acme GmbH can send again, 2 of 3 \(1 retired\)\./);
});

test('a number that another incident keeps blocked is not told as able to send', async () => {
  await using world = await openTellingWorld({ numbers: 3 });
  const [held, quiet] = world.channels;
  assert.ok(held && quiet);
  const { id: incidentId } = await happened(world, {
    about: over(),
    left: ['recovered', 'recovered', 'recovered'],
  });
  const other = await happened(world, { about: anotherWaba(0), hasMembers: false });
  const sign = { cause: other.cause, stage: 'member', incidentId: other.id } as const;
  await putSigns(world.store, [
    aSign(held.id, sign),
    aSign(quiet.id, { ...sign, status: 'LIMITED' }),
  ]);
  const text = await read(world, { kind: 'resolved', incidentId });
  assert.match(text, /can send again, 3 of 3, but for 1 that another incident keeps BLOCKED\./);
});

test('who closed it by hand is named', async () => {
  await using world = await openTellingWorld({ numbers: 1 });
  const { id: incidentId } = await happened(world, { about: over({ resolution: 'manual' }) });
  const event = { incidentId, at: NIGHT, channelId: null, detail: null };
  await world.store.change((tx) =>
    tx.incidents.addEvents([{ ...event, kind: 'resolved', by: 'Ann' }]),
  );
  assert.match(await read(world, { kind: 'resolved', incidentId }), /^CLOSED BY HAND .* by Ann: /);
});

test('a rule with labels has the message count those numbers alone, and tells of no others', async () => {
  await using world = await openTellingWorld({ numbers: 5, labels: twoOfAcme });
  const { id: incidentId } = await happened(world);
  const message = await said(world, { incidentId, labels: { customer: 'acme' } });
  assert.deepEqual(message?.incident?.numbers, { affected: 2, ever: 2, total: 2 });
  const text = await read(world, { incidentId, labels: { customer: 'acme' } });
  assert.match(text, /WABA 1022…0398, 2 numbers\n/);
  assert.match(text, /\nCounted: only numbers with customer=acme\.\n/);
  assert.doesNotMatch(text, /Elsewhere|shop-[2-4]/);
});

test('of more members than a page has the sums are told', async () => {
  await using world = await openTellingWorld({ numbers: 601, isRead: false });
  const told = await happened(world);
  const { id: incidentId } = told;
  assert.match(await read(world, { incidentId }), /, 601 of its 601 numbers\n/);
  await world.store.change((tx) => tx.incidents.replace({ ...told, ...over() }));
  assert.match(await read(world, { incidentId, kind: 'resolved' }), /0 of 601/);
});

test('who pays for the conversations decides who is told to act', async () => {
  await using world = await openTellingWorld({ numbers: 1, credential: { billedBy: 'provider' } });
  const { id: incidentId } = await happened(world, { about: { actor: 'provider' } });
  const text = await read(world, { incidentId });
  assert.match(text, /\nWho: the provider; on-call can only ask them\.\n/);
  assert.match(text, /\nDo: Ask the provider who bills you: the credit line is theirs\./);
});

test('a rule’s own reminder is announced, and none where it wants none', async () => {
  await using world = await openTellingWorld({ numbers: 1 });
  const { id: incidentId, openedAt } = await happened(world);
  const hourly = aRule([], { name: 'hourly', remindAfterMs: HOUR, remindEveryMs: HOUR });
  const never = aRule([], { name: 'never', remindAfterMs: null, remindEveryMs: null });
  await world.store.change(async (tx) => {
    await tx.rules.add(hourly);
    await tx.rules.add(never);
  });
  assert.equal(openedAt, NIGHT + 62_000);
  assert.match(await read(world, { incidentId, rule: 'hourly' }), /else 03:48 UTC/);
  for (const rule of ['never', 'gone']) {
    assert.match(await read(world, { incidentId, rule }), /\nNext: on change\.\n/);
  }
});

test('a rejected credential is called by its name, and what was last known is told', async () => {
  await using world = await openTellingWorld({ numbers: 3 });
  const cause = { kind: 'credential', type: null, ref: world.credential.id } as const;
  const { id: incidentId } = await happened(world, {
    about: { cause, capability: null, codes: ['credential_rejected'] },
  });
  const text = await read(world, { incidentId });
  assert.match(
    text,
    /^META REJECTS THE TOKEN acme since .*: 3 numbers of Acme GmbH cannot be seen\n/,
  );
  assert.match(text, /\nLast known: 3 blocked\.\n/);
  assert.match(text, /\nDo: waba-health credentials rotate acme < token\n/);
});

test('when whom we ask is away, the numbers that were not read since are counted', async () => {
  await using world = await openTellingWorld({ numbers: 3 });
  const cause = { kind: 'upstream', type: null, ref: 'graph' } as const;
  const detail = 'Meta does not answer reads.';
  const { id: incidentId } = await happened(world, {
    about: { cause, capability: null, status: 'UNKNOWN', detail },
    hasMembers: false,
  });
  const text = await read(world, { incidentId });
  assert.match(text, /^CANNOT SEE 3 numbers since .*: Meta does not answer reads\n/);
  assert.match(text, /\nLast known: 3 blocked\.\n/);
});

test('a fleet incident tells how many causes and numbers it stands for', async () => {
  await using world = await openTellingWorld({ numbers: 2 });
  const cause = { kind: 'fleet', type: null, ref: 'graph' } as const;
  const about = { cause, capability: null, codes: [] };
  const { id: incidentId } = await happened(world, { about, hasMembers: false });
  for (let at = 0; at < 12; at += 1) {
    await happened(world, { about: { ...anotherWaba(at), inhibitedBy: incidentId } });
  }
  assert.match(
    await read(world, { incidentId }),
    /^12 CAUSES AT ONCE since .*: 24 numbers at Meta/,
  );
});

function twoOfAcme(at: number) {
  return { customer: at < 2 ? 'acme' : 'umbrella' };
}
