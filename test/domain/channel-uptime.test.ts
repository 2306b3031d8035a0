import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelHistory } from '#domain/channel-uptime.ts';
import { channelUptime } from '#domain/channel-uptime.ts';
import type { SeriesStep } from '#domain/transition.ts';

const WABA = { type: 'WABA', id: '102290129340398' };
const RANGE = { from: 0, until: 1_000 };

test('nothing counts before the channel was added, while it was paused and after its removal', () => {
  const uptime = channelUptime(
    history({
      createdAt: 100,
      archivedAt: 900,
      watch: steps([100, null, 'watched'], [300, 'watched', 'paused'], [500, 'paused', 'watched']),
      verdicts: { messaging: steps([0, 'UNKNOWN', 'AVAILABLE']), calling: [] },
    }),
    RANGE,
  );
  assert.equal(uptime.messaging.upMs, 600);
  assert.equal(uptime.messaging.coverage, 0.6);
  assert.equal(uptime.calling, null);
});

test('planned work does not count, not even where it overlaps a pause', () => {
  const uptime = channelUptime(
    history({
      watch: steps([0, null, 'watched'], [300, 'watched', 'paused'], [500, 'paused', 'watched']),
      verdicts: { messaging: steps([0, 'UNKNOWN', 'BLOCKED']), calling: [] },
      planned: [{ from: 400, until: 600 }],
    }),
    RANGE,
  );
  assert.equal(uptime.messaging.downMs, 700);
  assert.equal(uptime.messaging.unmeasuredMs, 300);
});

test('a channel that was paused before the range is paused in it', () => {
  const uptime = channelUptime(
    history({
      watch: steps([-50, 'watched', 'paused']),
      verdicts: { messaging: steps([-100, 'UNKNOWN', 'AVAILABLE']), calling: [] },
    }),
    RANGE,
  );
  assert.equal(uptime.messaging.uptime, null);
});

test('a verdict is not measured before the first transition that tells it', () => {
  const { messaging, calling } = channelUptime(
    history({
      verdicts: {
        messaging: steps([400, 'UNKNOWN', 'AVAILABLE']),
        calling: steps([700, null, 'BLOCKED']),
      },
    }),
    RANGE,
  );
  assert.deepEqual([messaging.upMs, messaging.unmeasuredMs], [600, 400]);
  assert.deepEqual([calling?.downMs, calling?.unmeasuredMs], [300, 700]);
});

test('before its first transition an entity had the word that was replaced', () => {
  const uptime = entityUptime({
    word: 'AVAILABLE',
    steps: steps([600, 'BLOCKED', 'AVAILABLE']),
  });
  assert.deepEqual([uptime?.downMs, uptime?.upMs], [600, 400]);
});

test('an entity that never changed has had its present word', () => {
  const uptime = entityUptime({ word: 'LIMITED', steps: [] });
  assert.deepEqual([uptime?.limitedMs, uptime?.uptime], [1_000, 1]);
});

test('an entity that was not there is not measured', () => {
  const uptime = entityUptime({ word: null, steps: steps([250, 'AVAILABLE', null]) });
  assert.deepEqual([uptime?.upMs, uptime?.unmeasuredMs], [250, 750]);
});

test('a word that is new to us is neither up nor down', () => {
  const uptime = entityUptime({ word: 'SHADOWED', steps: [] });
  assert.equal(uptime?.uptime, null);
});

test('entities are not measured while the channel had no usable snapshot', () => {
  const messaging = steps(
    [100, 'UNKNOWN', 'AVAILABLE'],
    [200, 'AVAILABLE', 'UNKNOWN', 'outdated'],
    [300, 'UNKNOWN', 'UNKNOWN', 'not_trusted'],
    [400, 'UNKNOWN', 'UNKNOWN', 'unrecognised_word'],
    [600, 'UNKNOWN', 'AVAILABLE'],
  );
  const uptime = entityUptime({ word: 'AVAILABLE', steps: [] }, messaging);
  assert.deepEqual([uptime?.upMs, uptime?.unmeasuredMs], [700, 300]);
  assert.equal(entityUptime({ word: 'AVAILABLE', steps: [] }, [])?.uptime, null);
});

test('attempts decide the order of what was told, not the clocks', () => {
  const told = steps([0, 'UNKNOWN', 'AVAILABLE'], [500, 'AVAILABLE', 'BLOCKED']);
  const late: SeriesStep = {
    id: 'tr_9',
    attempt: 9,
    at: 300,
    was: 'BLOCKED',
    is: 'LIMITED',
    detail: null,
  };
  const verdicts = { messaging: [...told, late].toReversed(), calling: [] };
  const { messaging } = channelUptime(history({ verdicts }), RANGE);
  assert.deepEqual([messaging.upMs, messaging.limitedMs, messaging.downMs], [300, 700, 0]);
});

function entityUptime(
  about: { readonly word: string | null; readonly steps: readonly SeriesStep[] },
  messaging: readonly SeriesStep[] = steps([-10, 'UNKNOWN', 'AVAILABLE']),
) {
  const entities = [{ entity: WABA, capability: 'messaging', ...about } as const];
  const verdicts = { messaging, calling: [] };
  const [only] = channelUptime(history({ verdicts, entities }), RANGE).entities;
  assert.deepEqual([only?.type, only?.id, only?.capability], [WABA.type, WABA.id, 'messaging']);
  return only?.uptime;
}

function history(about: Partial<ChannelHistory>): ChannelHistory {
  return {
    createdAt: -100,
    archivedAt: null,
    watch: [],
    verdicts: { messaging: [], calling: [] },
    entities: [],
    planned: [],
    ...about,
  };
}

/** One read after the other: when, from what, to what, and why. */
function steps(
  ...told: readonly (readonly [number, string | null, string | null, string?])[]
): SeriesStep[] {
  return told.map(([at, was, is, detail = null], index) => {
    return { id: `tr_${index}`, attempt: index + 1, at, was, is, detail };
  });
}
