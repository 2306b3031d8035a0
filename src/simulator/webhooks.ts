/** Sends Meta's webhooks to the apps that have a URL for them, signed with the secret of each (docs/meta.md §5.1). */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { SimulatorClock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { Refusal } from './refusal.ts';
import type { WebhookChange } from './webhook-changes.ts';
import { seconds } from './webhook-changes.ts';

/** What became of a webhook. */
interface SentWebhook {
  readonly app: string;
  readonly waba: string;
  readonly field: string;
  /** When it was sent, ms UTC. */
  readonly at: number;
  /** The HTTP status, or why there is none; null until it is known. */
  outcome: number | string | null;
}

const REMEMBERED_MAX = 1_000;
/** How long a receiver may take. */
const LIMIT_MS = 10_000;

export class Webhooks {
  readonly #credentials: Credentials;
  readonly #clock: SimulatorClock;
  /** By app. */
  readonly #urls = new Map<string, string>();
  readonly #closed = new AbortController();
  #sent: SentWebhook[] = [];
  /** Each goes out when the one before was answered, in the order of what happened. */
  #last: Promise<void> = Promise.resolve();

  constructor(credentials: Credentials, clock: SimulatorClock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /** Where an app wants its webhooks; null ends that. */
  subscribe(appId: string, url: string | null): void {
    if (url === null) {
      this.#urls.delete(appId);
      return;
    }
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new Refusal('The URL for webhooks must begin with http:// or https://.');
    }
    if (this.#credentials.secretOf(appId) === null) {
      throw new Refusal('An app without a secret gets no webhooks: nothing could sign them.');
    }
    this.#urls.set(appId, url);
  }

  /** To every app that has a URL, whatever WABAs its tokens may read. */
  send({ wabaId, field, value }: WebhookChange): void {
    const at = this.#clock.now();
    const entry = [{ id: wabaId, time: seconds(at), changes: [{ field, value }] }];
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
    for (const [app, url] of this.#urls) {
      const sent: SentWebhook = { app, waba: wabaId, field, at, outcome: null };
      this.#sent = [...this.#sent.slice(1 - REMEMBERED_MAX), sent];
      this.#last = this.#last.then(() => this.#post(sent, url, body));
    }
  }

  /** The latest ones, oldest first. */
  sent(): readonly Readonly<SentWebhook>[] {
    return this.#sent;
  }

  /** Ends what is under way and sends no more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#last;
  }

  async #post(sent: SentWebhook, url: string, body: string): Promise<void> {
    const secret = this.#credentials.secretOf(sent.app) ?? '';
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(LIMIT_MS)]);
    try {
      sent.outcome = await statusOf(new URL(url), { body, headers, signal });
    } catch (error) {
      sent.outcome = error instanceof Error ? error.message : 'it failed';
    }
  }
}

/** Posts it and gives the status of the answer, whose body nobody reads. */
async function statusOf(
  url: URL,
  { body, ...options }: Pick<RequestOptions, 'headers' | 'signal'> & { readonly body: string },
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  request(url, { ...options, method: 'POST', agent: false })
    .on('response', resolve)
    .on('error', reject)
    .end(body);
  const response = await promise;
  response.on('error', () => undefined).resume();
  return response.statusCode ?? 0;
}
