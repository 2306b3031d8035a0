/**
 * The monitor: the one object that `http` and `app` hold. It reads channels, answers from memory, and
 * gives the management verbs what they need to drop from memory what they have changed.
 */
import type { ChannelId } from '#domain/id.ts';
import { isId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { HealthAnswer, HealthQuestion } from './answer-health.ts';
import { HealthAnswers } from './answer-health.ts';
import type { CheckResult, CheckWish } from './check-channel.ts';
import { Checks } from './check-channel.ts';
import type { Deps } from './deps.ts';
import { Fleet } from './fleet.ts';
import { Keyring } from './keyring.ts';
import { Latest } from './latest.ts';
import type { FieldsQuestion, FieldsResult } from './read-fields.ts';
import { FieldsReads } from './read-fields.ts';
import type { Notice } from '#ports/store.ts';
import { Schedule } from './schedule/schedule.ts';
import { UsageNotes } from './schedule/usage-notes.ts';
import { VersionWatch } from './version-watch.ts';

export interface Monitor {
  readonly deps: Deps;
  readonly keyring: Keyring;
  readonly latest: Latest;
  readonly fleet: Fleet;
  /** What is due and when; it watches only while it is started. */
  readonly schedule: Schedule;
  /**
   * Reads a channel's health now, together with everybody who wants the same.
   *
   * Throws Problem `not_found` (gone or archived), `check_failed` (no result in time, or too many reads
   * under way), `store_unavailable`. A failed read is no error: it is the outcome.
   */
  checkChannel(id: ChannelId, wish: CheckWish): Promise<CheckResult>;
  /** The public answer. Throws Problem `store_unavailable`, `check_failed`. */
  answerHealth(question: HealthQuestion): Promise<HealthAnswer>;
  /** Reads named fields: no check, stored nowhere, judged by nobody. Throws as `answerHealth`. */
  readFields(question: FieldsQuestion): Promise<FieldsResult>;
  /** Drops from memory what another program on the same store has changed. */
  hear(notice: Notice): void;
  /** Ends timers and waits for reads under way. The store and the upstreams stay open. */
  close(): Promise<void>;
}

export function createMonitor(deps: Deps): Monitor {
  const keyring = new Keyring(deps);
  const latest = new Latest(deps.store, deps.policy);
  const versions = new VersionWatch(deps);
  const usage = new UsageNotes(deps);
  const checks = new Checks(deps, { latest, versions, usage });
  const program = deps.ids.next('inst');
  const schedule = new Schedule({ deps, latest, checks, versions, usage, program });
  const answers = new HealthAnswers(deps, latest, checks);
  const fields = new FieldsReads(deps, latest);
  const monitor: Monitor = {
    deps,
    keyring,
    latest,
    fleet: new Fleet(deps),
    schedule,
    async checkChannel(id, wish) {
      const checked = await checks.check(id, wish);
      if (checked === null) throw tooLate(wish.timeoutMs);
      return checked;
    },
    answerHealth: (question) => answers.answer(question),
    readFields: (question) => fields.read(question),
    hear: (notice) => hear(monitor, notice),
    async close() {
      await schedule.close();
      await checks.close();
    },
  };
  return monitor;
}

function hear(monitor: Monitor, { noun, ref }: Notice): void {
  if (noun === 'key') monitor.keyring.forget([ref]);
  if (noun === 'channel' && isId('ch', ref)) monitor.latest.forget(ref);
  if (noun !== 'credential' || !isId('cr', ref)) return;
  monitor.schedule.credentialChanged(ref);
  monitor.latest.forgetCredential(ref);
}

function tooLate(timeoutMs: number): Problem {
  const seconds = Math.round(timeoutMs / 1000);
  return new Problem(
    'check_failed',
    `The upstream did not answer within ${seconds} s. The read goes on: ask again in a moment.`,
  );
}
