/** A number's profile behind 360dialog, and where 360dialog delivers what comes in for it, where that is wished for. */
import type { ProfileAnswer, ProfileQuestion } from '#ports/upstream.ts';
import type { Asking } from '#upstreams/transport/ask.ts';
import { askKnownFields } from '#upstreams/transport/ask-known-fields.ts';
import { unsendable } from '#upstreams/transport/header-value.ts';
import { fieldsAfterRefusal, NUMBER_FIELDS, profileOf } from '#upstreams/transport/meta/profile.ts';
import { headersFor, HEALTH_PATH, queryFor } from './request.ts';
import { readWebhookSetting, WEBHOOK_PATH } from './webhook-setting.ts';

/** `base` is what stands before every path. All requests together have the time of the question. */
export async function readProfile(
  { asking, base }: { readonly asking: Asking; readonly base: string },
  { access: { secret }, timeoutMs, withWebhook = false }: ProfileQuestion,
): Promise<ProfileAnswer> {
  const failure = unsendable(secret, 'key');
  if (failure !== null) return { ok: false, failure };
  const { clock } = asking;
  const deadline = clock.now() + timeoutMs;
  const headers = headersFor(secret);
  const secrets = () => [secret];
  const answer = await askKnownFields(asking, {
    fields: NUMBER_FIELDS,
    timeoutMs,
    requestFor: (fields, leftMs) => ({
      path: base + HEALTH_PATH + queryFor(fields),
      headers,
      timeoutMs: leftMs,
    }),
    fieldsAfter: fieldsAfterRefusal,
    secrets,
  });
  if (!answer.ok) return { ok: false, failure: answer.failure };
  const profile = profileOf(answer.value);
  if (!withWebhook) return { ok: true, profile };
  const leftMs = Math.max(0, deadline - clock.now());
  const request = { path: base + WEBHOOK_PATH, headers, timeoutMs: leftMs };
  const number = await readWebhookSetting(asking, request, secrets);
  if (number === null) return { ok: true, profile };
  const webhook = { ...profile.webhook, number, numberAskedAt: clock.now() };
  return { ok: true, profile: { ...profile, webhook } };
}
