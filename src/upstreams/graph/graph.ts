/** Meta's Graph API: the health of nodes, their fields and profiles, by their ids (docs/meta.md §1.1). */
import type { Directory } from '#ports/directory.ts';
import type { Question, Upstream } from '#ports/upstream.ts';
import { askFields, askHealth } from '#upstreams/transport/ask.ts';
import { askKnownFields } from '#upstreams/transport/ask-known-fields.ts';
import { fieldsAfterRefusal, NUMBER_FIELDS, profileOf } from '#upstreams/transport/meta/profile.ts';
import { BATCH_ITEMS_MAX } from './batch.ts';
import { createDirectory } from './directory.ts';
import { GraphCalls, nodeIdOf, secretsOf, unaskable } from './graph-calls.ts';
import type { GraphOptions } from './graph-calls.ts';
import { readHealthBatch } from './health-batch.ts';

export interface Graph extends Upstream {
  readonly version: string;
  /** Over the same connections. */
  readonly directory: Directory;
}

/** Throws Problem `cannot_start` when the address or the version is none. */
export function createGraph(options: GraphOptions): Graph {
  const calls = new GraphCalls(options);
  const { asking, version } = calls;
  return {
    kind: 'graph',
    version,
    batchMax: BATCH_ITEMS_MAX,
    directory: createDirectory(calls),
    async read(question) {
      const { access, timeoutMs } = question;
      const nodeId = nodeIdOf(question);
      const failure = unaskable(access.secret, nodeId);
      if (failure !== null) return { ok: false, failure, usage: [] };
      const request = calls.get(access, `${nodeId}?fields=health_status`, timeoutMs);
      return askHealth(asking, request, () => secretsOf(access));
    },
    async readFields(question, fields) {
      const { access, timeoutMs } = question;
      const nodeId = nodeIdOf(question);
      const failure = unaskable(access.secret, nodeId);
      if (failure !== null) return { ok: false, failure };
      const names = [...new Set(['health_status', ...fields])].map(encodeURIComponent);
      const request = calls.get(access, `${nodeId}?fields=${names.join(',')}`, timeoutMs);
      return askFields(asking, request, () => secretsOf(access));
    },
    readBatch: (questions, timeoutMs) => readHealthBatch(calls, questions, timeoutMs),
    readProfile: (question) => readProfile(calls, question),
    close: () => asking.outlet.close(),
  };
}

async function readProfile(calls: GraphCalls, question: Question) {
  const { access, timeoutMs } = question;
  const nodeId = nodeIdOf(question);
  const failure = unaskable(access.secret, nodeId);
  if (failure !== null) return { ok: false, failure } as const;
  const answer = await askKnownFields(calls.asking, {
    fields: NUMBER_FIELDS,
    timeoutMs,
    requestFor: (fields, leftMs) =>
      calls.get(access, `${nodeId}?fields=${fields.join(',')}`, leftMs),
    fieldsAfter: fieldsAfterRefusal,
    secrets: () => secretsOf(access),
  });
  if (!answer.ok) return { ok: false, failure: answer.failure } as const;
  return { ok: true, profile: profileOf(answer.value) } as const;
}
