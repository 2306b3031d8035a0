/** Who is told what: receivers, rules and silences. */
import type { ReceiverId, RuleId, SilenceId } from '#domain/id.ts';
import type { Receiver, ReceiverSecrets } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Silence } from '#domain/telling/silence.ts';
import type { Page, PageRequest } from './page.ts';

/** More than these would make every incident slow to write. */
export const RECEIVERS_MAX = 100;
export const RULES_MAX = 200;

export interface ReceiversView {
  /** By id or by name. */
  find(ref: string): Promise<Receiver | null>;
  /** All of them, in the order of names. */
  all(): Promise<readonly Receiver[]>;
  /** Opened. Problem `not_found` when there is no such receiver. */
  secretsOf(id: ReceiverId): Promise<ReceiverSecrets>;
}

export interface ReceiversChange extends ReceiversView {
  /** Problem `conflict` when the name is taken, or when there are `RECEIVERS_MAX` already. */
  add(receiver: Receiver, secrets: ReceiverSecrets): Promise<void>;
  replace(receiver: Receiver, secrets: ReceiverSecrets | 'keep'): Promise<void>;
  /** Removes it with its deliveries and their attempts. Problem `in_use` when a rule names it. */
  remove(id: ReceiverId): Promise<void>;
  /** How sending to it goes: nothing else of it is written. */
  mark(
    id: ReceiverId,
    about: Pick<Receiver, 'brokenAt' | 'failuresInARow' | 'heldUntil'>,
  ): Promise<void>;
}

export interface RulesView {
  find(ref: string): Promise<Rule | null>;
  /** All of them, in the order of names. */
  all(): Promise<readonly Rule[]>;
}

export interface RulesChange extends RulesView {
  /**
   * Problem `conflict` when the name is taken, or when there are `RULES_MAX` already; `not_found` when one of
   * its receivers is not there.
   */
  add(rule: Rule): Promise<void>;
  /** Problems as `add`'s. */
  replace(rule: Rule): Promise<void>;
  remove(id: RuleId): Promise<void>;
}

export interface SilencesView {
  find(id: SilenceId): Promise<Silence | null>;
  /** Newest first. */
  list(page: PageRequest, filter: { readonly isInForceAt?: number }): Promise<Page<Silence>>;
  /** Those in force at `now`, oldest first; at most 500. */
  inForce(now: number): Promise<readonly Silence[]>;
  /** Those that are over at `now` and were not acted on yet, in the order in which they ended; at most 500. */
  over(now: number): Promise<readonly Silence[]>;
  /** Planned work that touches this span, what ends first first; at most 500. */
  plannedWork(about: {
    readonly from: number;
    readonly until: number;
  }): Promise<readonly Silence[]>;
}

export interface SilencesChange extends SilencesView {
  add(silence: Silence): Promise<void>;
  replace(silence: Silence): Promise<void>;
}
