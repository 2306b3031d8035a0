/** A Graph call with its item faults applied: the same alone and in a batch. */
import { strickenReply } from './fault-effect.ts';
import type { FaultSpec, Subject } from './faults.ts';
import type { GraphCall } from './graph-call.ts';
import { answerGraphCall } from './graph-call.ts';
import type { Reply } from './reply.ts';
import type { SimulatorState } from './state.ts';

export interface AnsweredCall {
  readonly reply: Reply;
  readonly subject: Subject;
  /** The faults that struck it as an item. */
  readonly faults: readonly FaultSpec[];
}

export function answerCall(state: SimulatorState, call: GraphCall): AnsweredCall {
  const reply = answerGraphCall(state, call);
  const { touched } = call;
  state.counters.route(`graph ${touched.route}`);
  const subject: Subject = {
    upstream: 'graph',
    route: touched.route,
    nodes: touched.nodeId === null ? [] : [touched.nodeId],
    wabas: touched.wabaId === null ? [] : [touched.wabaId],
    tokens: call.access.token === null ? [] : [call.access.token],
    key: null,
  };
  const faults = state.faults.strike(['item'], subject);
  const stricken = faults.reduce(
    (answer, fault) =>
      strickenReply(fault, { reply: answer, subject, traceId: state.trace.next() }),
    reply,
  );
  return { reply: stricken, subject, faults };
}
