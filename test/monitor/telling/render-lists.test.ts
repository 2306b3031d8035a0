import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import { aCredential } from '#test/contracts/store/acme.ts';
import { aDelivery, addReceivers, aSilence } from '#test/contracts/store/acme-telling.ts';
import { NIGHT } from '#test/domain/samples.ts';
import { DAY, HOUR, over } from '#test/domain/telling/samples.ts';
import { anotherWaba, happened, openTellingWorld, read, said } from './telling-world.ts';

test('what was so before we watched is told in one summary, what is over by then left out', async () => {
  await using world = await openTellingWorld({ numbers: 2 });
  const told = [
    await happened(world),
    await happened(world, { about: anotherWaba(1) }),
    await happened(world, { about: { ...anotherWaba(2), ...over() } }),
  ];
  const about = JSON.stringify(told.map(({ id }) => id));
  const text = await read(world, { kind: 'baseline', about });
  assert.match(text, /^SINCE BEFORE WE WATCHED: 4 numbers limited or blocked, 2 causes\n/);
  assert.match(text, /\n1: BLOCKED since .*\n2: BLOCKED since .*\nAll: /);
  assert.equal(await said(world, { kind: 'baseline', about: '[]' }), null);
});

test('a summary names each incident as it stands when it is sent', async () => {
  await using world = await openTellingWorld({ numbers: 2 });
  const told = [
    await happened(world, { about: over() }),
    await happened(world, { about: { ...anotherWaba(1), severity: 'warning', status: 'LIMITED' } }),
    await happened(world, { about: anotherWaba(2) }),
  ];
  const about = JSON.stringify(told.map(({ id }) => id));
  const text = await read(world, { kind: 'summary', about });
  assert.match(text, /^3 incidents in one message, 2 still open\n/);
  assert.match(text, /\n1: RECOVERED .*\n3: BLOCKED .*\n2: LIMITED /);
});

test('the end of a silence tells who wanted it, and what is still open', async () => {
  await using world = await openTellingWorld({ numbers: 2 });
  const silence = aSilence();
  await world.store.change((tx) => tx.silences.add(silence));
  const open = await happened(world);
  const ended = await happened(world, { about: { ...anotherWaba(1), ...over() } });
  const incidents = [open.id, ended.id];
  const about = JSON.stringify({ silence: silence.id, incidents });
  const text = await read(world, { kind: 'silence_ended', about });
  assert.match(
    text,
    /^SILENCE ENDED: 1 incident still open\nSilence: by Ada: The card is being changed\.\n/,
  );
});

test('the digest says so when all is well', async () => {
  await using world = await openTellingWorld();
  const text = await read(world, { kind: 'digest' });
  assert.match(text, /^WEEK of 15–22 Nov: all well\n/);
  assert.match(text, /\nThis week: nothing happened\.\n$/);
});

test('the digest tells what is open, what ends soon, what nobody watches and what was not delivered', async () => {
  await using world = await openTellingWorld({ numbers: 2 });
  const taken = { at: NIGHT - 4 * DAY, by: 'Ann', note: null };
  for (const about of [
    { acknowledgement: taken, beganAt: NIGHT - 5 * DAY },
    { ...anotherWaba(1), isBaseline: true, status: 'LIMITED' } as const,
    { cause: warning('quality'), codes: ['GREEN>RED'] },
    { cause: warning('credential_expiring') },
    { ...anotherWaba(2), ...over(), openedAt: NIGHT - DAY },
  ]) {
    await happened(world, { about });
  }
  await fillTheRest(world);
  const text = await read(world, { kind: 'digest', createdAt: NIGHT + HOUR });
  assert.match(text, /: 1 still limited or blocked, 1 early warning\n/);
  assert.match(text, /\nStill open: Acme GmbH BLOCKED for 5 d, 2 numbers \(Acme GmbH acts\)\.\n/);
  assert.match(text, /\nTaken over 3 days ago: incident 1 \(Acme GmbH\) by Ann 4 d ago\.\n/);
  assert.match(text, /\nEarly warnings: QUALITY RED since [^;]*\.\n/);
  assert.match(text, /\nTokens that end: umbrella on 25 Nov\.\n/);
  assert.match(text, /\nSilences that end: The card is being changed \(Ada\) on 23 Nov\.\n/);
  assert.match(text, /\nNot watched: 1 number that your tokens can see: /);
  assert.match(text, /\nNot delivered: 1 message: /);
  assert.match(
    text,
    /\nThis week: 4 incidents began, 1 of them over; the longest took 2 h 23 min\.\n/,
  );
});

test('a test message reaches whoever asked for it, and says that nothing is wrong', async () => {
  await using world = await openTellingWorld();
  const text = await read(world, { kind: 'test' });
  assert.match(text, /^TEST: waba-health reaches on-call\nWhat: Nothing is wrong/);
});

function warning(type: string) {
  return { kind: 'warning', type, ref: 'x' } as const;
}

/** A token that ends, a silence that ends, a number that nobody watches, a message that was given up. */
async function fillTheRest({ store }: Awaited<ReturnType<typeof openTellingWorld>>): Promise<void> {
  const umbrella = aCredential({ name: 'umbrella' });
  const [receiver] = await addReceivers(store, 'ops');
  const facts = {
    metaAppId: null,
    type: 'SYSTEM_USER',
    isValid: true,
    expiresAt: NIGHT + 3 * DAY,
    dataAccessExpiresAt: null,
    scopes: null,
    targetIds: null,
    error: null,
  };
  const seen = {
    nodeId: '1',
    wabaId: '2',
    businessId: null,
    displayNumber: null,
    verifiedName: null,
  };
  await store.change(async (tx) => {
    await tx.credentials.add(umbrella, new Secret('umbrella'));
    await tx.tokenFacts.write(umbrella.id, { facts, readAt: NIGHT, failure: null }, NIGHT);
    await tx.seenNumbers.see(umbrella.id, [seen], NIGHT);
    await tx.silences.add(aSilence({ startsAt: NIGHT - HOUR, endsAt: NIGHT + DAY }));
    await tx.outbox.add([aDelivery(receiver, { incidentId: null, kind: 'test', state: 'dead' })]);
  });
}
