/** An upstream inside the process whose answers differ from read to read, and now and then are none. */
import { reportOf } from '#domain/health-report.ts';
import type { Clock } from '#ports/clock.ts';
import type { Randomness } from '#ports/ids.ts';
import type { Answer, Question, Upstream } from '#ports/upstream.ts';
import { createFakeUpstream, failedAnswer } from '#test/fakes/upstream.ts';

/** One read in so many fails for the moment, and one in so many for good. */
const FAILS_ONE_IN = 25;
const ENDS_ONE_IN = 60;
const BATCH_MS_MAX = 15;

/** None that changes how often the account may be asked: a ban would make every read wait for minutes. */
const WABA_ERRORS = [
  { error_code: 141006, error_description: 'There is an error with the payment method.' },
  { error_code: 141099, error_description: 'A code that nobody has heard of.' },
];
const NUMBER_ERRORS = [
  { error_code: 141010, error_description: 'The display name is not approved.' },
  { error_code: 138001, error_description: 'Calling is not set up.' },
];
const WORDS = ['AVAILABLE', 'AVAILABLE', 'LIMITED', 'BLOCKED', 'PAUSED'];

export function createRestlessUpstream(clock: Clock, randomness: Randomness): Upstream {
  const graph = createFakeUpstream('graph');
  const draw = (count: number) => (randomness.bytes(1)[0] ?? 0) % count;
  const later = () =>
    new Promise<void>((resolve) => {
      clock.after(draw(BATCH_MS_MAX), resolve);
    });
  const answer = (question: Question): Answer => {
    if (draw(FAILS_ONE_IN) === 0) return failedAnswer('timeout');
    if (draw(ENDS_ONE_IN) === 0) return failedAnswer('not_found_or_forbidden');
    return goodRead(bodyOf(question.nodeId ?? '', draw));
  };
  return {
    ...graph,
    async read(question) {
      await later();
      return answer(question);
    },
    async readBatch(questions) {
      await later();
      return { ok: true, answers: questions.map(answer) };
    },
  };
}

function bodyOf(nodeId: string, draw: (count: number) => number): unknown {
  const word = () => WORDS[draw(WORDS.length)];
  const some = <T>(errors: readonly T[]) => errors.filter(() => draw(3) === 0);
  const calling = draw(3) > 0 ? { can_receive_call_sip: word() } : {};
  const entities = [
    {
      entity_type: 'PHONE_NUMBER',
      id: nodeId,
      can_send_message: word(),
      ...calling,
      errors: some(NUMBER_ERRORS),
    },
    {
      entity_type: 'WABA',
      id: '102290129340398',
      can_send_message: word(),
      errors: some(WABA_ERRORS),
    },
    { entity_type: 'BUSINESS', id: '506914307656634', can_send_message: 'AVAILABLE' },
  ];
  return { health_status: { can_send_message: word(), entities }, id: nodeId };
}

function goodRead(body: unknown): Answer {
  const report = reportOf(body);
  if (report === null) throw new Error('This body is no good read.');
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    ok: true,
    body: bytes,
    report,
    served: { version: 'v26.0', traceId: null },
    usage: [],
  };
}
