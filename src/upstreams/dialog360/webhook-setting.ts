/**
 * Where 360dialog delivers what comes in for a number (docs/dialog360.md §3). People put secrets into the headers
 * that they set there, into the query, the user and even the path: so nothing of the setting is kept but the host,
 * and a fingerprint of the whole address that shows when it is another one.
 */
import { createHash } from 'node:crypto';
import { NO_WEBHOOK } from '#domain/incidents/warnings.ts';
import { isJsonObject } from '#domain/json.ts';
import type { Secret } from '#domain/secret.ts';
import type { Asking } from '#upstreams/transport/ask.ts';
import { askValue } from '#upstreams/transport/ask.ts';
import type { Request } from '#upstreams/transport/exchange.ts';

export const WEBHOOK_PATH = '/v1/configs/webhook';
/** Hex digits of the fingerprint: two addresses never share it by chance, and it still fits on a line. */
const FINGERPRINT_DIGITS = 12;

/** The setting in a harmless form, or `NO_WEBHOOK`; null when it could not be read. */
export async function readWebhookSetting(
  asking: Asking,
  request: Request,
  secrets: () => readonly Secret[],
): Promise<string | null> {
  const answer = await askValue(asking, request, secrets);
  if (answer.ok) return settingOf(answer.value['url']);
  const { heard } = answer;
  // In JSON, as an HTML page with 404 comes from something in between.
  return heard?.reply.status === 404 && isJsonObject(heard.value) ? NO_WEBHOOK : null;
}

function settingOf(url: unknown): string | null {
  if (url === '' || url === null) return NO_WEBHOOK;
  if (typeof url !== 'string') return null;
  const digest = createHash('sha256').update(url).digest('hex');
  return `${placeOf(url)} #${digest.slice(0, FINGERPRINT_DIGITS)}`;
}

function placeOf(text: string): string {
  const url = URL.parse(text);
  return url === null || url.host === '' ? 'no address' : `${url.protocol}//${url.host}/…`;
}
