/**
 * Asks what a token is (docs/meta.md §6). `debug_token` takes the token in its query; as an item of a
 * batch that query stands in a body, where no log of anybody's keeps it.
 */
import { Secret } from '#domain/secret.ts';
import type { Inspector, TokenAnswer } from '#ports/directory.ts';
import type { Access } from '#ports/upstream.ts';
import { valueAnswer } from '#upstreams/transport/ask.ts';
import { failureOf } from '#upstreams/transport/failure-of.ts';
import { unsendable } from '#upstreams/transport/header-value.ts';
import { askBatch } from './batch.ts';
import type { BatchReply } from './batch.ts';
import type { GraphCalls } from './graph-calls.ts';
import { secretsOf } from './graph-calls.ts';
import { tokenFactsOf } from './token-facts.ts';

/** Asks as the app when its secret is known, because a dead token cannot say why it is; else as itself. */
export async function inspectToken(
  calls: GraphCalls,
  access: Access,
  timeoutMs: number,
): Promise<TokenAnswer> {
  const app = appAccess(access);
  const inspector = app === null ? 'token' : 'app';
  const asker = app ?? access;
  const failure =
    unsendable(access.secret, 'token') ?? unsendable(asker.secret, "app's id or secret");
  if (failure !== null) return { ok: false, failure, inspector };
  const secrets = [...secretsOf(access), asker.secret];
  const path = `debug_token?input_token=${encodeURIComponent(access.secret.reveal())}`;
  const items = [{ access: asker, path }];
  const reply = await askBatch(calls, { access: asker, items, timeoutMs, secrets });
  return tokenAnswer(calls, reply, { inspector, secrets });
}

/** An app asks with its id, a vertical bar and its secret; null where the secret is not known. */
function appAccess({ app }: Access): Access | null {
  if (app === null || app.secret === null) return null;
  return { secret: new Secret(`${app.metaAppId}|${app.secret.reveal()}`), app: null };
}

function tokenAnswer(
  calls: GraphCalls,
  batch: BatchReply,
  { inspector, secrets }: { inspector: Inspector; secrets: readonly Secret[] },
): TokenAnswer {
  if (!batch.ok) return { ok: false, failure: batch.failure, inspector };
  const [item = null] = batch.replies;
  if (item === null) {
    const failure = failureOf('timeout', 'Graph did not finish looking at the token in time.');
    return { ok: false, failure, inspector };
  }
  if (!item.ok) return { ok: false, failure: item.failure, inspector };
  const answer = valueAnswer(calls.asking, item.heard);
  if (!answer.ok) return { ok: false, failure: answer.failure, inspector };
  const facts = tokenFactsOf(answer.value, secrets);
  if (facts !== null) return { ok: true, facts };
  const detail = 'Graph answered 200 and did not say whether the token is valid.';
  const failure = failureOf('malformed_answer', detail, { httpStatus: 200 });
  return { ok: false, failure, inspector };
}
