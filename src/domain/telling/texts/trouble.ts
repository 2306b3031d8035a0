/** How each kind of cause is told: its head, whom it hits, what it means, and how its end is called. */
import type { CauseKind } from '#domain/incidents/cause.ts';
import type { MessageLine } from '#domain/telling/message.ts';
import type { IncidentView } from './incident-view.ts';

export interface Trouble {
  /** What it is, before the time: `BLOCKED`, `CANNOT SEE 2,700 numbers`. */
  readonly head: string;
  /** Whom it hits, after the time; null where the head has said it. */
  readonly tail: string | null;
  /** Whether its time is that of something that began, and not of something still to come. */
  readonly hasBegun: boolean;
  /** What is told when it is over: `RECOVERED`, and `Acme GmbH can send again, 40 of 40`. */
  readonly over: { readonly word: 'RECOVERED' | 'SEEN AGAIN' | 'OVER'; readonly text: string };
  /** What it means, why, who acts and what is to be done, in this order. */
  readonly lines: readonly (MessageLine | null)[];
}

/** One for each kind of cause. */
export type Troubles = Readonly<Record<CauseKind, (view: IncidentView) => Trouble>>;
