/** Plays a script: what an upstream answers at each moment, and what there is to be told of it. */
import type { FailureCode } from '#domain/failure.ts';
import type { Answer, Question } from '#ports/upstream.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import type { Happening, Script, Subject } from './script.ts';
import { msOf } from './script.ts';

export interface NumberTruth {
  readonly no: number;
  readonly nodeId: string;
  readonly token: number;
}

/** A span in which an entity says a bad word, in ms from the beginning. */
export interface BadSpan {
  readonly type: 'WABA' | 'BUSINESS' | 'PHONE_NUMBER';
  readonly id: string;
  readonly word: 'BLOCKED' | 'LIMITED';
  readonly code: string;
  readonly from: number;
  readonly until: number;
}

const MINUTE = 60_000;
const FIRST_NODE = 100_000_000_000_000;
const FIRST_WABA = 200_000_000_000_000;
const FIRST_BUSINESS = 300_000_000_000_000;
const SENTENCES: Readonly<Record<string, string>> = {
  141000: 'The phone number is not linked to your WhatsApp account.',
  141006: 'There is an error with the payment method.',
  141010: 'The Business has not passed business verification.',
  141014: 'The WABA is banned.',
};

export class Truth {
  readonly script: Script;
  readonly numbers: readonly NumberTruth[];
  readonly spans: readonly BadSpan[];
  /** When it began, ms UTC. */
  readonly #start: number;
  /** Glitches that were played. */
  readonly #played = new Set<Happening>();
  readonly #answers = new Map<string, Answer>();

  constructor(script: Script, start: number) {
    this.script = script;
    this.#start = start;
    const { wabas, numbersPerWaba } = script.fleet;
    this.numbers = Array.from({ length: wabas * numbersPerWaba }, (_, no) => ({
      no,
      nodeId: String(FIRST_NODE + no),
      token: Math.floor(this.#bornIn(no) / script.fleet.wabasPerToken),
    }));
    this.spans = script.happenings.flatMap((one) => this.#spansOf(one));
  }

  get tokens(): number {
    return Math.max(...this.numbers.map(({ token }) => token)) + 1;
  }

  /** What the upstream says at `now`, ms UTC. */
  answer(question: Question, now: number): Answer {
    const at = now - this.#start;
    const number = this.numbers[Number(question.nodeId) - FIRST_NODE];
    if (number === undefined) return failedAnswer('not_found_or_forbidden');
    const failure = this.#failureAt(number, at);
    if (failure !== null) return failedAnswer(failure);
    return this.#healthOf(number, at);
  }

  /** The numbers whose answers name this entity at a moment. */
  membersOf({ type, id }: Pick<BadSpan, 'type' | 'id'>, at: number): readonly NumberTruth[] {
    return this.numbers.filter((number) =>
      this.#entitiesOf(number, at).some((entity) => entity.type === type && entity.id === id),
    );
  }

  #failureAt({ token }: NumberTruth, at: number): FailureCode | null {
    for (const one of this.script.happenings) {
      if (!('from' in one) || !('until' in one)) continue;
      if (at < msOf(one.from) || at >= msOf(one.until)) continue;
      if (one.what === 'outage') return one.failure;
      if (one.what === 'throttled' && one.token === token) return 'rate_limited';
      if (one.what === 'expired' && one.token === token) return 'credential_rejected';
    }
    return null;
  }

  #healthOf(number: NumberTruth, at: number): Answer {
    const glitch = this.#glitchOf(number, at);
    const entities = this.#entitiesOf(number, at).map(({ type, id }) => {
      const spans = this.spans.filter(
        (span) => span.type === type && span.id === id && at >= span.from && at < span.until,
      );
      const worst = spans.find(({ word }) => word === 'BLOCKED') ?? spans[0];
      const isGlitch = glitch !== null && type === glitch;
      return {
        entity_type: type,
        id,
        can_send_message: isGlitch ? 'BLOCKED' : (worst?.word ?? 'AVAILABLE'),
        ...(spans.length === 0 ? {} : { errors: spans.map(({ code }) => errorOf(code)) }),
      };
    });
    const health_status = { can_send_message: worstWord(entities), entities };
    const text = JSON.stringify({ health_status, id: number.nodeId });
    const known = this.#answers.get(text) ?? goodAnswer(text);
    this.#answers.set(text, known);
    return known;
  }

  #glitchOf(number: NumberTruth, at: number): string | null {
    for (const one of this.script.happenings) {
      if (one.what !== 'glitch' || this.#played.has(one) || at < msOf(one.at)) continue;
      const { type, id } = this.#entityOf(one.subject);
      if (
        !this.#entitiesOf(number, at).some((entity) => entity.type === type && entity.id === id)
      ) {
        continue;
      }
      this.#played.add(one);
      return type;
    }
    return null;
  }

  #spansOf(one: Happening): readonly BadSpan[] {
    if (one.what === 'bad') {
      const { word, code } = one;
      const about = { ...this.#entityOf(one.subject), word, code };
      return [{ ...about, from: msOf(one.from), until: msOf(one.until) }];
    }
    if (one.what !== 'flaps') return [];
    const { badMinutes, fineMinutes, code } = one;
    const about = { ...this.#entityOf(one.subject), word: 'BLOCKED', code } as const;
    return Array.from({ length: one.times }, (_, at) => {
      const from = msOf(one.from) + at * (badMinutes + fineMinutes) * MINUTE;
      return { ...about, from, until: from + badMinutes * MINUTE };
    });
  }

  #entityOf(subject: Subject): Pick<BadSpan, 'type' | 'id'> {
    const [kind, no] = subject.split(' ');
    if (kind === 'waba') return { type: 'WABA', id: String(FIRST_WABA + Number(no)) };
    if (kind === 'business') return { type: 'BUSINESS', id: String(FIRST_BUSINESS + Number(no)) };
    return { type: 'PHONE_NUMBER', id: String(FIRST_NODE + Number(no)) };
  }

  #entitiesOf({ no, nodeId }: NumberTruth, at: number): readonly { type: string; id: string }[] {
    const moved = this.script.happenings.find(
      (one) => one.what === 'moved' && one.subject === `number ${no}` && at >= msOf(one.at),
    );
    const waba = moved?.what === 'moved' ? moved.to : this.#bornIn(no);
    const business = Math.floor(waba / this.script.fleet.wabasPerBusiness);
    return [
      { type: 'PHONE_NUMBER', id: nodeId },
      { type: 'WABA', id: String(FIRST_WABA + waba) },
      { type: 'BUSINESS', id: String(FIRST_BUSINESS + business) },
      { type: 'APP', id: '670843887433847' },
    ];
  }

  #bornIn(no: number): number {
    return Math.floor(no / this.script.fleet.numbersPerWaba);
  }
}

function errorOf(code: string) {
  const error_description = SENTENCES[code] ?? 'Something is wrong.';
  return { error_code: Number(code), error_description, possible_solution: 'Mend it.' };
}

function worstWord(entities: readonly { readonly can_send_message: string }[]): string {
  const words = new Set(entities.map(({ can_send_message }) => can_send_message));
  return ['BLOCKED', 'LIMITED'].find((word) => words.has(word)) ?? 'AVAILABLE';
}
