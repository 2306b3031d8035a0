/** Receivers: what they hold, their names, their secrets, and what goes with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECEIVERS_MAX } from '#ports/telling.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import {
  addReceivers,
  aDelivery,
  aReceiver,
  aRule,
  ON_CALL_SECRETS,
} from '#test/contracts/store/acme-telling.ts';
import { type OpenStore, refuses } from '#test/contracts/store/harness.ts';

export function receiversContract(open: OpenStore): void {
  keepingContract(open);
  secretsContract(open);
  newestContract(open);
  removalContract(open);
}

function keepingContract(open: OpenStore): void {
  test('a receiver comes back as it was stored, by id, by name and among all', async () => {
    await using store = await open();
    const page = aReceiver();
    const mail = aReceiver({ name: 'mail', kind: 'email', urgency: 'notify', zone: null });
    await store.change(async (tx) => {
      await tx.receivers.add(page, ON_CALL_SECRETS);
      await tx.receivers.add(mail, {});
    });
    const reopened = await store.reopen();
    assert.deepEqual(await reopened.read((view) => view.receivers.find(page.id)), page);
    assert.deepEqual(await reopened.read((view) => view.receivers.find('mail')), mail);
    assert.equal(await reopened.read((view) => view.receivers.find('umbrella')), null);
    assert.deepEqual(await reopened.read((view) => view.receivers.all()), [mail, page]);
  });

  test('a receiver can be replaced with its secrets kept or replaced', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const moved = {
      ...receiver,
      name: 'night-shift',
      settings: {},
      hint: 'x',
      updatedAt: NOON + 5,
    };
    const secrets = () => store.read((view) => view.receivers.secretsOf(receiver.id));
    await store.change((tx) => tx.receivers.replace(moved, 'keep'));
    assert.deepEqual(await store.read((view) => view.receivers.find('night-shift')), moved);
    assert.deepEqual(await secrets(), ON_CALL_SECRETS);
    await store.change((tx) => tx.receivers.replace(moved, { url: 'https://new.example/' }));
    assert.deepEqual(await secrets(), { url: 'https://new.example/' });
  });

  test('how sending to a receiver goes is written without touching anything else', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const mark = { brokenAt: NOON + 7, failuresInARow: 3, heldUntil: NOON + 60_000 };
    await store.change((tx) => tx.receivers.mark(receiver.id, mark));
    const found = await store.read((view) => view.receivers.find(receiver.id));
    assert.deepEqual(found, { ...receiver, ...mark });
    await store.change((tx) => tx.receivers.mark('rcv_nobody', mark));
  });

  test('a name that another receiver has is refused by name', async () => {
    await using store = await open();
    const [, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const add = store.change((tx) => tx.receivers.add(aReceiver(), {}));
    await refuses(add, 'conflict', /"on-call"/);
    const rename = store.change((tx) =>
      tx.receivers.replace({ ...other, name: 'on-call' }, 'keep'),
    );
    await refuses(rename, 'conflict', /"on-call"/);
  });

  test('there are no more receivers than there may be', async () => {
    await using store = await open();
    const names = Array.from({ length: RECEIVERS_MAX }, (_, at) => `receiver-${at}`);
    const [first] = await addReceivers(store, ...names);
    const add = () => store.change((tx) => tx.receivers.add(aReceiver(), {}));
    await refuses(add(), 'conflict', /100 receivers already/);
    await store.change((tx) => tx.receivers.remove(first.id));
    await add();
  });
}

function secretsContract(open: OpenStore): void {
  test('no secret of a receiver lies on the disk where it could be read', async () => {
    await using store = await open();
    await addReceivers(store, 'on-call');
    const bytes = await store.storedBytes();
    assert.ok(bytes.includes('hooks.acme.example'), 'what is not secret is not found either');
    for (const secret of ['T0ACME/tail-of-the-url', ON_CALL_SECRETS['signing_secret'] ?? '']) {
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        const text = Buffer.from(secret).toString(encoding).replace(/=+$/, '');
        assert.ok(!bytes.includes(text), `a secret lies there as ${encoding}`);
      }
    }
  });

  test('secrets come back as they were, in whatever script, and those of nobody are refused', async () => {
    await using store = await open();
    const receiver = aReceiver();
    const secrets = { token: 'päßwörd 🔑 \u0000 \u202e', empty: '', long: 'long '.repeat(2_000) };
    await store.change((tx) => tx.receivers.add(receiver, secrets));
    const reopened = await store.reopen();
    const found = await reopened.read((view) => view.receivers.secretsOf(receiver.id));
    assert.deepEqual(found, secrets);
    const nobody = reopened.read((view) => view.receivers.secretsOf('rcv_nobody'));
    await refuses(nobody, 'not_found', /rcv_nobody/);
  });
}

function newestContract(open: OpenStore): void {
  test('the newest of a kind is found for a receiver', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const digests = ['2026-W09', '2026-W10'].map((about) =>
      aDelivery(receiver, { incidentId: null, kind: 'digest', about }),
    );
    await store.change((tx) => tx.outbox.add([...digests, aDelivery(receiver)]));
    const newestOf = (id: typeof receiver.id) =>
      store.read((view) => view.outbox.newestOf(id, 'digest'));
    assert.deepEqual(await newestOf(receiver.id), digests[1]);
    assert.equal(await newestOf(other.id), null);
  });
}

function removalContract(open: OpenStore): void {
  test('a receiver is not removed while a rule names it', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const rule = aRule([other.id, receiver.id], { isEnabled: false });
    await store.change((tx) => tx.rules.add(rule));
    const remove = () => store.change((tx) => tx.receivers.remove(receiver.id));
    await refuses(remove(), 'in_use', /"night"/);
    await store.change((tx) => tx.rules.replace({ ...rule, receivers: [other.id] }));
    await remove();
    assert.deepEqual(await store.read((view) => view.receivers.all()), [other]);
  });

  test('what was owed to a receiver goes with it, however much, and nothing else', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const owed = Array.from({ length: 500 }, () => aDelivery(receiver));
    const more = [aDelivery(receiver, { state: 'withheld' }), aDelivery(other)];
    const attempt = {
      at: NOON,
      tookMs: 5,
      outcome: 'transient',
      status: 500,
      detail: null,
    } as const;
    await store.change(async (tx) => {
      await tx.outbox.add(owed);
      await tx.outbox.add(more);
      for (const { id } of more) await tx.outbox.addAttempt({ ...attempt, deliveryId: id });
    });
    await store.change((tx) => tx.receivers.remove(receiver.id));
    const counts = await store.read((view) => view.outbox.countsByState());
    assert.deepEqual([counts.pending, counts.withheld], [1, 0]);
    for (const [at, { id }] of more.entries()) {
      const attempts = await store.read((view) => view.outbox.attemptsOf(id));
      assert.equal(attempts.length, at);
    }
    await store.change((tx) => tx.receivers.remove(receiver.id));
  });
}
