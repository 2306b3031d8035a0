/**
 * What a rule or a silence is about. Every matcher that is given must match; within one, any of its values
 * does. None given matches everything.
 */
import type { Actor } from '#domain/actor.ts';
import type { EffectLevel, EffectName } from '#domain/effect.ts';
import type { Capability } from '#domain/entity.ts';
import type { CauseKind } from '#domain/incidents/cause.ts';
import type { Severity } from '#domain/incidents/incident.ts';
import type { Status } from '#domain/status.ts';

export interface Matchers {
  readonly severity?: readonly Severity[];
  readonly status?: readonly Status[];
  readonly capability?: readonly Capability[];
  /** What the cause does to sending: `business_initiated` at `no`. */
  readonly effect?: readonly { readonly name: EffectName; readonly level: EffectLevel }[];
  readonly cause?: readonly CauseKind[];
  readonly entityType?: readonly string[];
  /** The id of an entity, or of a credential, receiver or upstream of ours. */
  readonly subject?: readonly string[];
  readonly code?: readonly string[];
  readonly actor?: readonly Actor[];
  /** At least so many numbers are affected; with labels, of those that carry them. */
  readonly numbersMin?: number;
  /** Any affected channel carries all of these; the message then counts those alone. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Any affected channel carries none of these. */
  readonly withoutLabels?: Readonly<Record<string, string>>;
  /** Names of channels, any of which is affected. */
  readonly channel?: readonly string[];
}
