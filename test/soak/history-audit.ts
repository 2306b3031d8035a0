/** Whether a history is whole: each series without gap or repetition, and in the end what the state says. */
import assert from 'node:assert/strict';
import { standingOf } from '#domain/channel-state.ts';
import { CAPABILITIES } from '#domain/entity.ts';
import { findingKey, findingsOf } from '#domain/finding.ts';
import type { HealthReport } from '#domain/health-report.ts';
import { entitySeries, RECORDED_BEFORE_ALL, verdictSeries } from '#domain/transition.ts';
import type { ChannelRow } from '#ports/store.ts';
import { sha256Digest } from '#app/sha256-digest.ts';

/** A transition, as far as order and content go. */
export interface Told {
  readonly id: string;
  readonly channelId: string;
  readonly series: string;
  readonly was: string | null;
  readonly is: string | null;
  readonly detail: string | null;
  readonly attempt: number;
}

/** What a query must give, in this order, for `toldOf`. */
export const TOLD_SQL =
  'select id, channel_id, series, was, "is", detail, attempt from transitions order by channel_id, attempt, id';

export function toldOf(row: Readonly<Record<string, unknown>>): Told {
  const text = (name: string) => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: String(row['id']),
    channelId: String(row['channel_id']),
    series: String(row['series']),
    was: text('was'),
    is: text('is'),
    detail: text('detail'),
    attempt: Number(row['attempt']),
  };
}

/** Each transition begins where the one before it in its series ended. */
export function auditChains(told: readonly Told[]): void {
  const newest = new Map<string, Told>();
  for (const one of told) {
    const key = `${one.channelId} ${one.series}`;
    const before = newest.get(key);
    const about = () => JSON.stringify({ before, one });
    assert.ok(
      one.was !== one.is || isOtherReason(one, before),
      `a transition to the same: ${about()}`,
    );
    if (before !== undefined) {
      assert.equal(one.was, before.is, `a gap or a repetition: ${about()}`);
      assert.ok(one.attempt > before.attempt || isOfAge(one), `told twice: ${about()}`);
    } else if (one.series === verdictSeries('messaging')) {
      assert.equal(one.was, RECORDED_BEFORE_ALL.messaging, `no beginning: ${about()}`);
    } else if (one.series === verdictSeries('calling')) {
      assert.equal(one.was, RECORDED_BEFORE_ALL.calling, `no beginning: ${about()}`);
    }
    newest.set(key, one);
  }
}

/** A verdict that stays UNKNOWN tells when the reason is another one. */
function isOtherReason({ series, is, detail }: Told, before: Told | undefined): boolean {
  return series.startsWith('verdict:') && is === 'UNKNOWN' && detail !== before?.detail;
}

/** A view that turned outdated is told with the read that ended the gap. */
function isOfAge({ series }: Told): boolean {
  return series.startsWith('verdict:');
}

/** What was acknowledged is there, once, as it was told. */
export function auditAcknowledged(told: readonly Told[], acknowledged: Iterable<Told>): void {
  const byId = new Map(told.map((one) => [one.id, one]));
  assert.equal(byId.size, told.length, 'a transition is there twice');
  for (const one of acknowledged) {
    assert.deepEqual(byId.get(one.id), one, `an acknowledged transition is lost: ${one.id}`);
  }
}

/** The newest transitions of a channel say what its state says. */
export function auditState({ channel, state, recorded }: ChannelRow, told: readonly Told[]): void {
  const newest = new Map<string, string | null>();
  for (const one of told) if (one.channelId === channel.id) newest.set(one.series, one.is);
  const { messaging, calling } = RECORDED_BEFORE_ALL;
  const verdicts = {
    messaging: newest.get(verdictSeries('messaging')) ?? messaging,
    calling: newest.get(verdictSeries('calling')) ?? calling,
  };
  const { name } = channel;
  assert.deepEqual(verdicts, { messaging: recorded.messaging, calling: recorded.calling }, name);
  if (state.good === null) return;
  const standing = standingOf(state, channel.intervalMs, state.good.readAt).verdicts;
  assert.equal(recorded.messaging, standing.messaging.status, name);
  assert.equal(recorded.calling, standing.calling?.status ?? null, name);
  const present = presentIn(state.good.report);
  for (const [series, is] of newest) {
    if (/^(entity|finding):/.test(series)) assert.equal(is, present.get(series) ?? null, name);
  }
}

/** What the series of entities and findings would have ended with. */
function presentIn(report: HealthReport): ReadonlyMap<string, string> {
  const present = new Map<string, string>();
  for (const entity of report.entities) {
    for (const capability of CAPABILITIES) {
      const word = entity.words[capability];
      if (word !== null) present.set(entitySeries(entity, capability), word);
    }
  }
  for (const finding of findingsOf(report, (text) => sha256Digest.sha256Hex(text))) {
    present.set(`finding:${findingKey(finding)}`, 'present');
  }
  return present;
}
