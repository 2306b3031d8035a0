/** What Meta's webhooks say, what of them is kept, and how they prove whose they are. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '#domain/secret.ts';
import type { Change } from '#ports/webhooks.ts';
import { WEBHOOK_UPDATES_MAX } from '#ports/webhooks.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';

const WABA = '102290129340398';
const SAMPLES = readFileSync('test/fixtures/webhooks/meta-samples.ndjson', 'utf8')
  .trimEnd()
  .split('\n');

test("each sample of Meta's pages says what it is about, and how grave it is", () => {
  const said = SAMPLES.map((sample) => {
    const [{ hint }] = changesIn(sample);
    assert.ok(hint);
    const { field, event, weight, isKnown, subject } = hint;
    assert.ok(isKnown, field);
    return [field, event, weight, subject === null ? null : `${subject.type} ${subject.id}`];
  });
  assert.deepEqual(said, [
    ['account_update', 'DISABLED_UPDATE', 'recovery', `WABA ${WABA}`],
    ['account_update', 'ACCOUNT_VIOLATION', 'warning', `WABA ${WABA}`],
    ['account_review_update', 'APPROVED', 'recovery', `WABA ${WABA}`],
    [
      'account_alerts',
      'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED',
      'warning',
      'BUSINESS 506914307656634',
    ],
    ['business_capability_update', null, 'info', 'WABA 524126980791429'],
    ['phone_number_quality_update', 'THROUGHPUT_UPGRADE', 'info', null],
    ['phone_number_name_update', 'APPROVED', 'recovery', null],
    ['message_template_status_update', 'APPROVED', 'recovery', 'MESSAGE_TEMPLATE 1689556908129832'],
    ['message_template_quality_update', 'YELLOW', 'change', 'MESSAGE_TEMPLATE 806312974732579'],
    ['security', 'PIN_RESET_REQUEST', 'change', null],
    ['messages', null, 'change', 'PHONE_NUMBER 106540352242922'],
  ]);
});

test('a number that is named by its digits alone is named by them', () => {
  for (const field of ['phone_number_quality_update', 'phone_number_name_update', 'security']) {
    const [{ hint }] = changesIn(webhook(field, { display_phone_number: '+1 555-078-3881' }));
    assert.equal(hint.about.digits, '15550783881', field);
  }
});

test('every event of an account has its weight, and one that is new is kept as unknown', () => {
  const weights = (values: readonly object[]) =>
    values.map((value) => changesIn(webhook('account_update', value))[0].hint.weight);
  assert.deepEqual(weights([ban('DISABLE'), ban('SCHEDULE_FOR_DISABLE'), ban('REINSTATE')]), [
    'critical',
    'critical',
    'recovery',
  ]);
  const critical = ['ACCOUNT_DELETED', 'ACCOUNT_OFFBOARDED', 'PARTNER_REMOVED'];
  assert.deepEqual(
    weights(critical.map((event) => ({ event }))),
    critical.map(() => 'critical'),
  );
  assert.deepEqual(weights([{ event: 'ACCOUNT_RECONNECTED' }]), ['recovery']);
  const [{ hint }] = changesIn(webhook('account_update', { event: 'ACCOUNT_ASCENDED' }));
  assert.equal(hint.isKnown, false);
  assert.equal(hint.event, 'ACCOUNT_ASCENDED');
  assert.equal(hint.weight, 'change');
});

test('a restriction of sending is critical, another one a warning', () => {
  assert.equal(restricted('RESTRICTED_BIZ_INITIATED_MESSAGING').weight, 'critical');
  assert.equal(restricted('RESTRICTED_CUSTOMER_INITIATED_MESSAGING').weight, 'critical');
  assert.equal(restricted('RESTRICTED_ADD_PHONE_NUMBER_ACTION').weight, 'warning');
  assert.match(restricted('RESTRICTED_UTILITY_TEMPLATES').summary, /RESTRICTED_UTILITY_TEMPLATES/);
});

test('what a partner is told names the business in its entry and the WABA in its value', () => {
  const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: WABA, owner_business_id: '7' } };
  const [{ hint }] = changesIn(webhook('account_update', value, '2729063490586005'));
  assert.deepEqual(hint.subject, { type: 'WABA', id: WABA });
  assert.equal(hint.about.wabaId, WABA);
  assert.equal(hint.about.businessId, '2729063490586005');
});

test('the quality of a template is told by its shape, under either name of the field', () => {
  const value = { previous_quality_score: 'YELLOW', new_quality_score: 'RED' };
  for (const field of ['message_template_quality_update', 'message_template_status_update']) {
    const [{ hint }] = changesIn(webhook(field, value));
    assert.equal(hint.event, 'RED');
    assert.equal(hint.weight, 'warning');
  }
});

test('an id keeps all its digits, also where it comes as a number', () => {
  const long = '98765432109876543210';
  const text = webhook('message_template_status_update', { event: 'PAUSED' }).replace(
    '"event"',
    `"message_template_id":${long},"event"`,
  );
  assert.equal(changesIn(text)[0].hint.about.templateId, long);
});

test('settings of a number name it by its id', () => {
  const value = { phone_number_settings: { phone_number_id: '106540352242922', calling: {} } };
  const [{ hint }] = changesIn(webhook('account_settings_update', value));
  assert.deepEqual(hint.subject, { type: 'PHONE_NUMBER', id: '106540352242922' });
  assert.equal(hint.weight, 'change');
});

test('a change is the same in whatever batch it comes, and another at another time', () => {
  const [sample = ''] = SAMPLES;
  const envelope = JSON.parse(sample);
  const batch = JSON.stringify({
    ...envelope,
    entry: [...JSON.parse(SAMPLES[2] ?? '').entry, ...envelope.entry],
  });
  assert.equal(changesIn(batch)[1]?.key, changesIn(sample)[0].key);
  const later = sample.replace('1743451903', '1743451904');
  assert.notEqual(changesIn(later)[0].key, changesIn(sample)[0].key);
});

test('of messages nothing is kept but the codes of errors and which number of ours they are about', () => {
  const text = webhook('messages', {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
    contacts: [{ profile: { name: 'CANARY' }, wa_id: '4915112345678' }],
    messages: [
      { from: '4915112345678', id: 'wamid.CANARY', type: 'text', text: { body: 'CANARY' } },
    ],
    statuses: [
      {
        recipient_id: '4915112345678',
        errors: [{ code: 131042, title: 'CANARY' }, { code: 131042 }],
      },
      { recipient_id: '4915112345678', errors: [{ code: 131042 }, { code: 4915112345678 }] },
      { recipient_id: '4915112345678', status: 'delivered' },
    ],
    errors: [{ code: 130429, message: 'to 4915112345678' }],
  });
  const kept = keptOf(text);
  assert.doesNotMatch(kept ?? '', /CANARY|49151|wamid/);
  const counts = changesIn(text).map(({ hint, key }) => [hint.code, hint.count, key]);
  assert.deepEqual(counts, [
    ['130429', 1, null],
    ['131042', 2, null],
  ]);
});

test('messages without an error leave nothing at all, nor do other fields about persons', () => {
  const value = { messages: [{ from: '4915112345678', text: { body: 'CANARY' } }] };
  for (const field of ['messages', 'smb_message_echoes', 'history', 'calls', 'user_preferences']) {
    assert.equal(keptOf(webhook(field, value)), null, field);
  }
});

test('what is of a known field and holds nothing personal is kept byte for byte', () => {
  for (const sample of SAMPLES.filter((one) => !/"(?:messages|security)"/.test(one))) {
    const spaced = sample.replaceAll(':', ' : ');
    assert.equal(keptOf(spaced), spaced);
  }
});

test('something personal in the wrong place is not kept either', () => {
  const personal = { messages: [{ text: { body: 'CANARY' } }], requester: '4915112345678' };
  const places = [
    webhook('account_update', { event: 'ACCOUNT_DELETED', ...personal }),
    webhook('account_update', { event: 'ACCOUNT_DELETED', deeper: [{ ...personal }] }),
    webhook('a_field_of_tomorrow', { said: 'CANARY' }),
    webhook('CANARY 4915112345678', {}),
    JSON.stringify({ ...JSON.parse(webhook('flows', {})), extra: 'CANARY' }),
    JSON.stringify({ object: 'CANARY 4915112345678', entry: [{ id: '1', changes: [] }] }),
    JSON.stringify({
      object: 'page',
      entry: [{ id: 'CANARY', messaging: [{ text: 'CANARY' }], changes: [{ field: 'flows' }] }],
    }),
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [{ field: 'flows', value: {}, text: 'CANARY' }] }],
    }),
  ];
  for (const text of places) assert.doesNotMatch(keptOf(text) ?? '', /CANARY|49151/, text);
});

test('a field that is not known is kept by its name alone', () => {
  const [{ hint, key }] = changesIn(webhook('a_field_of_tomorrow', { said: 'something' }));
  assert.equal(hint.field, 'a_field_of_tomorrow');
  assert.equal(hint.isKnown, false);
  assert.equal(key, null);
});

test('what is no JSON, no envelope or has too many updates is told apart', () => {
  assert.equal(why('{"object"'), 'no_json');
  assert.equal(why('['.repeat(1_000) + ']'.repeat(1_000)), 'no_json');
  assert.equal(why('[]'), 'no_envelope');
  assert.equal(why('{"object":"whatsapp_business_account"}'), 'no_envelope');
  assert.equal(metaWebhooks.read(Buffer.from([0x7b, 0xff])).ok, false);
  const change = { field: 'flows', value: {} };
  const many = (count: number) => ({
    object: 'whatsapp_business_account',
    entry: [{ id: WABA, changes: Array.from({ length: count }, () => change) }],
  });
  assert.equal(why(JSON.stringify(many(WEBHOOK_UPDATES_MAX))), null);
  assert.equal(why(JSON.stringify(many(WEBHOOK_UPDATES_MAX + 1))), 'too_many_updates');
  const entry = Array.from({ length: WEBHOOK_UPDATES_MAX + 1 }, () => ({ id: WABA }));
  assert.equal(why(JSON.stringify({ object: 'x', entry })), 'too_many_updates');
});

test('reading any JSON value never throws, and what is kept is read again', () => {
  const fields = ['account_update', 'account_alerts', 'security', 'messages', 'flows', 'new_one'];
  const field = fc.oneof(fc.constantFrom(...fields), fc.jsonValue());
  const change = fc.oneof(fc.record({ field, value: fc.jsonValue() }), fc.jsonValue());
  const entry = fc.record({ id: fc.jsonValue(), changes: fc.array(change) });
  const envelope = fc.record({
    object: fc.string(),
    entry: fc.array(fc.oneof(entry, fc.jsonValue())),
  });
  fc.assert(
    fc.property(fc.oneof(envelope, fc.jsonValue()), (value) => {
      const text = JSON.stringify(value);
      for (const { hint } of changesIn(text)) {
        assert.match(hint.summary, /^[\x20-\x7e–]{1,500}$/u);
        assert.match(hint.field, /^[A-Za-z][A-Za-z0-9_]{0,63}$/);
      }
    }),
  );
});

test('a signature holds for these bytes and this secret alone', () => {
  const secret = new Secret('canary-app-secret');
  const body = Buffer.from('{"a":"\\u00e4\\/"}');
  const signature = `sha256=${createHmac('sha256', 'canary-app-secret').update(body).digest('hex')}`;
  assert.ok(metaWebhooks.isSigned(body, signature, secret));
  assert.ok(!metaWebhooks.isSigned(Buffer.from('{"a":"ä/"}'), signature, secret));
  assert.ok(!metaWebhooks.isSigned(body, signature, new Secret('another secret')));
  assert.ok(!metaWebhooks.isSigned(body, signature.replace('sha256', 'sha1'), secret));
  assert.ok(!metaWebhooks.isSigned(body, '', secret));
});

test('the verify token of an app is its own, and does not hold the secret', () => {
  const secret = new Secret('canary-app-secret');
  const token = metaWebhooks.verifyTokenOf('1234567890', secret);
  assert.equal(token, metaWebhooks.verifyTokenOf('1234567890', secret));
  assert.notEqual(token, metaWebhooks.verifyTokenOf('1234567891', secret));
  assert.notEqual(token, metaWebhooks.verifyTokenOf('1234567890', new Secret('another secret')));
  assert.match(token, /^[0-9a-f]{40}$/);
  assert.ok(metaWebhooks.isSame(token, token) && !metaWebhooks.isSame(token, `${token}0`));
});

function webhook(field: string, value: object, id: string = WABA): string {
  const entry = [{ id, time: 1743451903, changes: [{ field, value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

/** What is stored of a body; null for nothing. */
function keptOf(text: string): string | null {
  const read = metaWebhooks.read(Buffer.from(text));
  return read.ok && read.kept !== null ? Buffer.from(read.kept).toString() : null;
}

/** What is understood of what is stored. */
function changesIn(text: string): [Change, ...Change[]] {
  const changes = metaWebhooks.changesIn(Buffer.from(keptOf(text) ?? ''));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tests take the first of what they sent
  return changes as unknown as [Change, ...Change[]];
}

function ban(waba_ban_state: string): object {
  return { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state } };
}

function restricted(type: string) {
  const value = { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: type }] };
  return changesIn(webhook('account_update', value))[0].hint;
}

/** Why a body is refused; null when it is not. */
function why(text: string): string | null {
  const read = metaWebhooks.read(Buffer.from(text));
  return read.ok ? null : read.why;
}
