/** Claims, and what checks saw: states, bodies, the fence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChannelState, NEVER_READ } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import { Secret } from '#domain/secret.ts';
import type { Claim, Store } from '#ports/store.ts';
import {
  aChannel,
  aCredential,
  addAcme,
  addSupport,
  bodyOf,
  failedState,
  goodState,
  NOON,
} from '#test/contracts/store/acme.ts';
import { type OpenStore, rowOf } from '#test/contracts/store/harness.ts';

const LEASE_MS = 30_000;

export function checksContract(open: OpenStore): void {
  claimsContract(open);
  fenceContract(open);
  statesContract(open);
  bodiesContract(open);
}

function claimsContract(open: OpenStore): void {
  test('of many who claim a channel at once, one gets it', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(store, id)));
    const given = claims.filter((each) => each !== null);
    assert.deepEqual(given, [{ attempt: 1, leaseUntil: NOON + LEASE_MS }]);
  });

  test('a lease keeps others out until its last millisecond and not beyond', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await claim(store, id);
    assert.equal(await claim(store, id, NOON + LEASE_MS - 1), null);
    const next = await claim(store, id, NOON + LEASE_MS);
    assert.deepEqual(next, { attempt: 2, leaseUntil: NOON + 2 * LEASE_MS });
  });

  test('writing what an attempt led to ends its lease', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await claim(store, id);
    assert.equal(await write(store, id, goodState(1, BODY), BODY), true);
    assert.equal((await claim(store, id, NOON + 1))?.attempt, 2);
    const { state } = await rowOf(store, id);
    assert.equal(await write(store, id, failedState(2, state), null), true);
    assert.equal((await claim(store, id, NOON + 2))?.attempt, 3);
  });

  test('a claim that is rolled back was never made', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const change = store.change(async (tx) => {
      await tx.channels.claim(id, NOON, LEASE_MS);
      throw new Error('oops');
    });
    await assert.rejects(change, /oops/);
    assert.equal((await claim(store, id))?.attempt, 1);
  });

  test('one channel is claimed without holding up another', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    assert.equal((await claim(store, support.id))?.attempt, 1);
    assert.equal((await claim(store, sales.id))?.attempt, 1);
    assert.equal(await claim(store, 'ch_nobody'), null);
  });
}

function fenceContract(open: OpenStore): void {
  test('an outcome is not written over an equal or newer attempt', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const newer = goodState(5, BODY);
    assert.equal(await write(store, id, newer, BODY), true);
    for (const attempt of [5, 4, 1]) {
      const stale = goodState(attempt, OTHER_BODY);
      assert.equal(await write(store, id, stale, OTHER_BODY), false);
      assert.equal(await write(store, id, failedState(attempt, newer), null), false);
    }
    assert.deepEqual((await rowOf(store, id)).state, newer);
    assert.deepEqual(await bodyIn(store, id), BODY);
  });

  test('a late outcome is written if nothing newer is, and leaves the newer lease alone', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await claim(store, id, NOON);
    assert.equal((await claim(store, id, NOON + LEASE_MS))?.attempt, 2);
    assert.equal(await write(store, id, goodState(1, BODY), BODY), true);
    assert.equal(await claim(store, id, NOON + LEASE_MS + 1), null);
    assert.equal(await write(store, id, goodState(2, BODY), BODY), true);
    assert.equal((await claim(store, id, NOON + LEASE_MS + 2))?.attempt, 3);
  });

  test('a first read made before the channel was stored counts as its first attempt', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    assert.equal(await write(store, id, goodState(1, BODY), BODY), true);
    assert.equal((await claim(store, id))?.attempt, 2);
  });

  test('nothing is written for a channel that is gone', async () => {
    await using store = await open();
    assert.equal(await write(store, 'ch_nobody', goodState(1, BODY), BODY), false);
  });
}

function statesContract(open: OpenStore): void {
  test('a state comes back as it was written, after a restart too', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const states: [ChannelState, Uint8Array | null][] = [
      [goodState(1, BODY), BODY],
      [failedState(2, goodState(1, BODY)), null],
      [{ ...failedState(3, failedState(2, goodState(1, BODY))), trust: DOUBTED }, null],
      [{ ...failedState(4, goodState(1, BODY)), trust: { ...DOUBTED, state: 'ended' } }, null],
      [{ ...goodState(5, OTHER_BODY), since: { messaging: NOON, calling: NOON + 1 } }, OTHER_BODY],
      [bareState(6), OTHER_BODY],
    ];
    for (const [state, body] of states) {
      assert.equal(await write(store, id, state, body), true);
      assert.deepEqual((await rowOf(store, id)).state, state);
    }
    assert.deepEqual((await rowOf(await store.reopen(), id)).state, bareState(6));
  });

  test('a failure before the first good read is kept too', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const { state } = await rowOf(store, id);
    await write(store, id, failedState(1, state), null);
    assert.deepEqual((await rowOf(store, id)).state, failedState(1, state));
    assert.equal(await bodyIn(store, id), null);
  });

  test('an identity that was pinned before the first read outlives failures', async () => {
    await using store = await open();
    const credential = aCredential();
    const identity = { phoneNumberId: '1', wabaId: '2', businessId: null, appId: null };
    const channel = aChannel(credential, { identity });
    await store.change(async (tx) => {
      await tx.credentials.add(credential, new Secret('x'));
      await tx.channels.add(channel);
    });
    await write(store, channel.id, failedState(1, NEVER_READ), null);
    assert.deepEqual((await rowOf(store, channel.id)).channel, channel);
  });

  test('the identity of a good read becomes that of the channel, and a failure leaves it', async () => {
    await using store = await open();
    const channel = await addSupport(store);
    const good = goodState(1, BODY);
    await write(store, channel.id, good, BODY);
    const { identity } = (await rowOf(store, channel.id)).channel;
    assert.deepEqual(identity, good.good?.identity);
    await write(store, channel.id, failedState(2, good), null);
    assert.deepEqual((await rowOf(store, channel.id)).channel, { ...channel, identity });
  });
}

function bodiesContract(open: OpenStore): void {
  test('a body comes back byte for byte, large or strange', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const bodies = [BODY, new Uint8Array(0), everyByte, new Uint8Array(1_048_576).fill(0x7b)];
    for (const [index, body] of bodies.entries()) {
      await write(store, id, goodState(index + 1, body), body);
      const stored = await bodyIn(store, id);
      assert.ok(stored !== null && Buffer.from(stored).equals(body), `body ${index} differs`);
    }
  });

  test('channels that were told the same share its body and lose it only with the last', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    await write(store, support.id, goodState(1, BODY), BODY);
    await write(store, sales.id, goodState(1, BODY), BODY);
    await write(store, support.id, goodState(2, OTHER_BODY), OTHER_BODY);
    assert.deepEqual(await bodyIn(store, sales.id), BODY);
    assert.deepEqual(await bodyIn(store, support.id), OTHER_BODY);
    await write(store, sales.id, goodState(2, OTHER_BODY), OTHER_BODY);
    assert.deepEqual(await bodyIn(store, sales.id), OTHER_BODY);
    await write(store, support.id, goodState(3, BODY), BODY);
    assert.deepEqual(await bodyIn(store, support.id), BODY);
  });

  test('a body that is not the one its state names is refused', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const own = /SHA-256/;
    await assert.rejects(write(store, id, goodState(1, BODY), OTHER_BODY), own);
    await assert.rejects(write(store, id, goodState(1, BODY), null), /a body comes with/);
    const failed = failedState(2, goodState(1, BODY));
    await assert.rejects(write(store, id, failed, BODY), /a body comes with/);
    assert.equal((await rowOf(store, id)).state.attempt, 0);
  });
}

const BODY = bodyOf('{"health_status":{"can_send_message":"BLOCKED"},"id":"1"}');
const OTHER_BODY = bodyOf('{"health_status":{"can_send_message":"AVAILABLE"},"id":"1"}');
const DOUBTED = { state: 'doubted', code: 'credential_rejected', since: NOON + 7 } as const;

/** A good read of a body that says next to nothing. */
function bareState(attempt: number): ChannelState {
  const state = goodState(attempt, OTHER_BODY);
  const nobody = { phoneNumberId: null, wabaId: null, businessId: null, appId: null };
  const good = state.good && {
    ...state.good,
    report: { nodeId: null, reported: null, entities: [] },
    identity: nobody,
    served: { version: null, traceId: null },
  };
  return { ...state, good };
}

function claim(store: Store, id: ChannelId, now: number = NOON): Promise<Claim | null> {
  return store.change((tx) => tx.channels.claim(id, now, LEASE_MS));
}

function write(
  store: Store,
  id: ChannelId,
  ...[state, body]: [ChannelState, Uint8Array | null]
): Promise<boolean> {
  return store.change((tx) => tx.channels.writeState(id, state, body));
}

async function bodyIn(store: Store, id: ChannelId): Promise<Uint8Array | null> {
  return store.read((view) => view.channels.bodyOf(id));
}
