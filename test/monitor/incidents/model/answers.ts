/** What is so at Meta, and what an answer says of it: the one thing that model and implementation share. */
import type { EntityType, Slip, Step, Word } from './steps.ts';
import { AGGREGATED, FINE, TYPES } from './steps.ts';

const FIRST_NODE = 100_000_000_000_000;
const FIRST_WABA = 200_000_000_000_000;
const BUSINESS = '506914307656634';
const ACCOUNTS = 2;
export const NO_SLIP: Slip = { missing: null, instead: null };

const CODES: Readonly<Record<EntityType, number>> = {
  PHONE_NUMBER: 141000,
  WABA: 141006,
  BUSINESS: 141010,
};

/** One entity of an answer, in plain values. */
export interface SaidEntity {
  readonly type: EntityType;
  readonly id: string;
  /** Null: it says nothing about it. */
  readonly messaging: string | null;
  readonly calling: string | null;
  readonly hasCode: boolean;
}

export interface SaidAnswer {
  readonly entities: readonly SaidEntity[];
  readonly aggregate: string;
}

/** What is so at Meta. */
export class Meta {
  readonly #words = new Map<string, Word>();
  readonly #calls = new Map<number, string>();
  readonly #accounts = new Map<number, number>();
  #aggregate: string | null = null;

  /** Takes the steps that change what is so; others are none of Meta's business. */
  take(step: Step): void {
    if (step.kind === 'turn') this.#words.set(idOf(step.type, step.which, step.which), step.said);
    if (step.kind === 'calls') {
      if (step.word === null) this.#calls.delete(step.which);
      else this.#calls.set(step.which, step.word);
    }
    if (step.kind === 'aggregate') this.#aggregate = step.word;
    if (step.kind === 'move') this.#accounts.set(step.which, this.#accountOf(step.which) + 1);
  }

  answerFor(channel: number, slip: Slip): SaidAnswer {
    const isSilent = channel === AGGREGATED && this.#aggregate !== null;
    const entities = TYPES.filter((type) => type !== slip.missing).map((type): SaidEntity => {
      const id = idOf(type, channel, this.#accountOf(channel));
      const instead = slip.instead?.type === type ? slip.instead.said : null;
      const { word, hasCode } = instead ?? this.#words.get(id) ?? FINE;
      const calling = type === 'PHONE_NUMBER' ? (this.#calls.get(channel) ?? null) : null;
      return { type, id, messaging: isSilent ? null : word, calling, hasCode };
    });
    return { entities, aggregate: (isSilent ? this.#aggregate : null) ?? 'AVAILABLE' };
  }

  #accountOf(channel: number): number {
    return this.#accounts.get(channel) ?? channel;
  }
}

function idOf(type: EntityType, channel: number, account: number): string {
  if (type === 'BUSINESS') return BUSINESS;
  return String(type === 'WABA' ? FIRST_WABA + (account % ACCOUNTS) : FIRST_NODE + channel);
}

/** The same on the wire. */
export function bodyOf({ entities, aggregate }: SaidAnswer): unknown {
  const told = entities.map(({ type, id, messaging, calling, hasCode }) => ({
    entity_type: type,
    id,
    ...(messaging === null ? {} : { can_send_message: messaging }),
    ...(calling === null ? {} : { can_receive_call_sip: calling }),
    errors: hasCode ? [{ error_code: CODES[type], error_description: `${CODES[type]}.` }] : [],
  }));
  return { health_status: { can_send_message: aggregate, entities: told }, id: '1' };
}
