/** A fault as it is asked for, made complete: what was left out, ids for names, the usual level. */
import type { ActionFields } from './action.ts';
import type { FaultLevel } from './fault-kinds.ts';
import { FAULT_KINDS, isFaultKind } from './fault-kinds.ts';
import type { FaultMatch, FaultSpec } from './faults.ts';
import { Refusal } from './refusal.ts';
import type { SimulatorState } from './state.ts';

/** More than the 1 MiB that the product reads, and deeper than a stack. */
const OVERSIZED_BYTES = 2 * 1024 * 1024;
const DEEP = 200_000;
const DELAY_MS = 1_000;

export function faultSpecOf(state: SimulatorState, fields: ActionFields['fault']): FaultSpec {
  const { kind } = fields;
  if (!isFaultKind(kind)) throw new Refusal(`There is no kind of fault "${kind}".`);
  const levels: readonly FaultLevel[] = FAULT_KINDS[kind];
  const level = fields.level ?? levels[0] ?? 'request';
  if (!levels.includes(level)) {
    throw new Refusal(`"${kind}" strikes the ${levels.join(' or the ')}, not the ${level}.`);
  }
  return {
    id: fields.id ?? state.faults.nextId(),
    kind,
    level,
    match: matchOf(state, fields),
    share: fields.share ?? 1,
    next: fields.next ?? null,
    ms: fields.ms ?? DELAY_MS,
    status: fields.status ?? null,
    code: fields.code ?? 2,
    subcode: fields.subcode ?? null,
    message: fields.message ?? null,
    transient: fields.transient ?? null,
    body: fields.body ?? '',
    bytes: fields.bytes ?? OVERSIZED_BYTES,
    depth: fields.depth ?? DEEP,
    digits: fields.digits ?? 1,
    word: fields.word ?? 'PAUSED',
    what: fields.what ?? 'health_status',
    after: fields.after ?? 'nothing',
    headers: textsOf(fields.headers ?? {}),
  };
}

function matchOf(state: SimulatorState, fields: ActionFields['fault']): FaultMatch {
  const { world, credentials } = state;
  const { upstream, route, node, waba, token, key } = fields;
  return {
    ...(upstream === undefined ? {} : { upstream }),
    ...(route === undefined ? {} : { route }),
    ...(node === undefined ? {} : { node: world.named(node).id }),
    ...(waba === undefined ? {} : { waba: world.namedOf(waba, ['WABA']).id }),
    ...(token === undefined ? {} : { token: credentials.namedToken(token).text }),
    ...(key === undefined ? {} : { key: credentials.namedKey(key).text }),
  };
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!/^[a-z0-9-]+$/i.test(name) || !/^[\x20-\x7e]*$/.test(String(value))) {
        throw new Refusal(`The header "${name}" of a fault must be plain text.`);
      }
      return [name.toLowerCase(), String(value)];
    }),
  );
}
