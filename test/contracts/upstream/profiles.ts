/** Profiles: what is reported is read, what is refused is asked without. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_PROFILE, PROFILE_TEXT_MAX } from '#domain/profile.ts';
import { answers, answersJson, silence } from '#test/fakes/scripted-server.ts';
import type { Script } from '#test/fakes/scripted-server.ts';
import { ONE_SECOND_MS, Stage } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

const FULL = {
  display_phone_number: '+49 30 1234',
  verified_name: 'Acme Support',
  name_status: 'APPROVED',
  quality_rating: 'GREEN',
  whatsapp_business_manager_messaging_limit: 'TIER_10K',
  status: 'CONNECTED',
  throughput: { level: 'STANDARD' },
  account_mode: 'LIVE',
  is_on_biz_app: true,
  platform_type: 'CLOUD_API',
  webhook_configuration: {
    application: 'https://hooks.example/a',
    whatsapp_business_account: 'https://hooks.example/b',
    phone_number: 'https://hooks.example/c',
  },
  id: '106540352242922',
};

export function profiles(subject: UpstreamSubject): void {
  test('a profile holds what is reported', async () => {
    await using stage = await Stage.start(subject, answersJson(FULL));
    assert.deepEqual(await stage.readProfile(), {
      ok: true,
      profile: {
        displayNumber: '+49 30 1234',
        verifiedName: 'Acme Support',
        nameStatus: 'APPROVED',
        quality: 'GREEN',
        messagingLimit: 'TIER_10K',
        status: 'CONNECTED',
        throughput: 'STANDARD',
        accountMode: 'LIVE',
        isOnBizApp: true,
        platformType: 'CLOUD_API',
        webhook: {
          application: 'https://hooks.example/a',
          waba: 'https://hooks.example/b',
          number: 'https://hooks.example/c',
          numberAskedAt: null,
        },
      },
    });
    assert.equal(stage.server.seen.length, 1);
  });

  test('what is not reported, or is of another type, is not known', async () => {
    const odd = {
      display_phone_number: 49301234,
      verified_name: '',
      quality_rating: null,
      status: ['CONNECTED'],
      throughput: 'HIGH',
      is_on_biz_app: 'true',
      webhook_configuration: 'https://hooks.example/a',
    };
    for (const [body, expected] of [
      [{}, EMPTY_PROFILE],
      [odd, { ...EMPTY_PROFILE, throughput: 'HIGH' }],
      [
        { messaging_limit_tier: 'TIER_1K', verified_name: 'x'.repeat(9_999) },
        {
          ...EMPTY_PROFILE,
          messagingLimit: 'TIER_1K',
          verifiedName: 'x'.repeat(PROFILE_TEXT_MAX),
        },
      ],
    ] as const) {
      await using stage = await Stage.start(subject, answersJson(body));
      assert.deepEqual(await stage.readProfile(), { ok: true, profile: expected });
    }
  });

  test('fields that are refused are dropped one by one, the rest is read', async () => {
    const unknown = [
      'is_on_biz_app',
      'webhook_configuration',
      'whatsapp_business_manager_messaging_limit',
    ];
    await using stage = await Stage.start(subject, graphOf(unknown));
    const answer = await stage.readProfile();
    assert.ok(answer.ok);
    assert.equal(answer.profile.isOnBizApp, null);
    assert.equal(answer.profile.displayNumber, '+49 30 1234');
    assert.equal(stage.server.seen.length, 4);
    assert.match(stage.server.seen.at(-1)?.target ?? '', /messaging_limit_tier/);
    assert.doesNotMatch(stage.server.seen[0]?.target ?? '', /messaging_limit_tier/);
  });

  test('an upstream that knows no field at all is asked so often and then no more', async () => {
    const all = [...Object.keys(FULL), 'messaging_limit_tier'];
    await using stage = await Stage.start(subject, graphOf(all));
    const answer = await stage.readProfile();
    assert.ok(!answer.ok);
    assert.equal(answer.failure.graphCode, 100);
    assert.equal(stage.server.seen.length, all.length - 1);
  });

  test('a refusal of something that was not asked for is a failure', async () => {
    const message = '(#100) Tried accessing nonexisting field (mood) on node type (X)';
    const refusal = answersJson({ error: { code: 100, message } }, { status: 400 });
    await using stage = await Stage.start(subject, refusal);
    const answer = await stage.readProfile();
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'upstream_error');
    assert.equal(stage.server.seen.length, 1);
  });

  test('all rounds together have the time of one question', async () => {
    const refuse = graphOf(['status', 'throughput']);
    await using stage = await Stage.start(subject, silence);
    const reading = stage.readProfile();
    await stage.server.requests(1);
    await stage.clock.advance(0.7 * ONE_SECOND_MS);
    stage.server.answerLast(refuse);
    await stage.server.requests(2);
    await stage.clock.advance(0.3 * ONE_SECOND_MS);
    const answer = await reading;
    assert.equal(!answer.ok && answer.failure.code, 'timeout');
    assert.equal(stage.server.seen.length, 2);
    assert.equal(stage.clock.pending, 0);
  });

  test('a failure of another kind is told as it is', async () => {
    for (const [status, body, code] of [
      [400, '{"error":{"code":80008}}', 'rate_limited'],
      [503, 'busy', 'upstream_error'],
      [200, '[]', 'malformed_answer'],
      [200, '{"error":{"code":2}}', 'upstream_error'],
    ] as const) {
      await using stage = await Stage.start(subject, answers({ status, body }));
      const answer = await stage.readProfile();
      assert.equal(!answer.ok && answer.failure.code, code, body);
    }
  });

  test('no body makes a read of a profile reject', async () => {
    await using stage = await Stage.start(subject, silence);
    const fields = fc.dictionary(fc.constantFrom(...Object.keys(FULL)), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.oneof(fields, fc.jsonValue()), async (body) => {
        stage.server.script = answersJson(body);
        assert.equal(typeof (await stage.readProfile()).ok, 'boolean');
      }),
      { numRuns: 100 },
    );
  });
}

/** Refuses the first of these fields that is asked for, in the words of Meta; else answers in full. */
function graphOf(unknown: readonly string[]): Script {
  return (socket, request) => {
    const named = /[?&]fields=([^&]*)/.exec(request.target)?.[1]?.split(',') ?? [];
    const refused = named.find((field) => unknown.includes(field));
    const message = `(#100) Tried accessing nonexisting field (${refused}) on node type (Number)`;
    const answer =
      refused === undefined
        ? answersJson({ ...FULL, is_on_biz_app: undefined })
        : answersJson({ error: { code: 100, message } }, { status: 400 });
    answer(socket, request);
  };
}
