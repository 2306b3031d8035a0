/** Rules: what they hold, their names, and the receivers that they name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RULES_MAX } from '#ports/telling.ts';
import { addReceivers, aRule } from '#test/contracts/store/acme-telling.ts';
import { type OpenStore, refuses } from '#test/contracts/store/harness.ts';

export function rulesContract(open: OpenStore): void {
  test('a rule comes back as it was stored, by id, by name and among all, and can be removed', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const night = aRule([receiver.id, other.id]);
    const day = aRule([], {
      name: 'day',
      match: {},
      groupMs: 0,
      remindAfterMs: null,
      isEnabled: false,
    });
    await store.change(async (tx) => {
      await tx.rules.add(night);
      await tx.rules.add(day);
    });
    const reopened = await store.reopen();
    assert.deepEqual(await reopened.read((view) => view.rules.find(night.id)), night);
    assert.deepEqual(await reopened.read((view) => view.rules.find('day')), day);
    assert.equal(await reopened.read((view) => view.rules.find('umbrella')), null);
    assert.deepEqual(await reopened.read((view) => view.rules.all()), [day, night]);
    await reopened.change((tx) => tx.rules.remove(day.id));
    await reopened.change((tx) => tx.rules.remove(day.id));
    assert.deepEqual(await reopened.read((view) => view.rules.all()), [night]);
  });

  test('a rule is replaced as a whole', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const rule = aRule([receiver.id]);
    await store.change((tx) => tx.rules.add(rule));
    const changed = aRule([other.id], {
      id: rule.id,
      name: 'weekend',
      match: { code: ['141006'] },
    });
    await store.change((tx) => tx.rules.replace(changed));
    assert.deepEqual(await store.read((view) => view.rules.all()), [changed]);
  });

  test('a rule that names a receiver that is not there is refused by its id', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const add = store.change((tx) => tx.rules.add(aRule([receiver.id, 'rcv_gone'])));
    await refuses(add, 'not_found', /rcv_gone/);
    const rule = aRule([receiver.id]);
    await store.change((tx) => tx.rules.add(rule));
    const replace = store.change((tx) => tx.rules.replace({ ...rule, receivers: ['rcv_gone'] }));
    await refuses(replace, 'not_found', /rcv_gone/);
    assert.deepEqual(await store.read((view) => view.rules.all()), [rule]);
  });

  test('a name that another rule has is refused by name', async () => {
    await using store = await open();
    const other = aRule([], { name: 'other' });
    await store.change((tx) => tx.rules.add(aRule([])));
    await refuses(
      store.change((tx) => tx.rules.add(aRule([]))),
      'conflict',
      /"night"/,
    );
    await store.change((tx) => tx.rules.add(other));
    const rename = store.change((tx) => tx.rules.replace({ ...other, name: 'night' }));
    await refuses(rename, 'conflict', /"night"/);
  });

  test('there are no more rules than there may be', async () => {
    await using store = await open();
    await store.change(async (tx) => {
      for (let at = 0; at < RULES_MAX; at += 1)
        await tx.rules.add(aRule([], { name: `rule-${at}` }));
    });
    const add = store.change((tx) => tx.rules.add(aRule([])));
    await refuses(add, 'conflict', /200 rules already/);
  });
}
