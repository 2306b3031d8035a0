/** Sends one message once, and never longer than a lease allows. */
import type { Delivery, DeliveryAttempt } from '#domain/telling/delivery.ts';
import type { SendResult } from '#ports/notifier.ts';
import type { DeliverMeans } from './deliver-means.ts';
import { SEND_MS_MAX } from './deliver-means.ts';
import type { Prepared } from './prepare.ts';

/** How an attempt ended; `cut_off`: from outside, so that nothing is known of it. */
export type Sent = SendResult | { readonly outcome: 'cut_off'; readonly detail: string };

/** What an attempt shows that failed by a bug of ours. */
export const OUR_ERROR = 'An error of ours: the log has it.';

const TOO_LONG: Sent = {
  outcome: 'transient',
  status: null,
  detail: 'It did not answer in time.',
};

export interface Attempted {
  readonly sent: Sent;
  readonly attempt: DeliveryAttempt;
}

/** Never throws. `closing` ends the attempt. */
export async function send(
  { deps, notifiers }: DeliverMeans,
  delivery: Delivery,
  about: { readonly prepared: Prepared & { isMoot: false }; readonly closing: AbortSignal },
): Promise<Attempted> {
  const { message, receiver, secrets } = about.prepared;
  const { clock, events } = deps;
  const at = clock.now();
  const ending = new AbortController();
  const cut = Promise.withResolvers<Sent>();
  const end = (how: Sent) => {
    ending.abort();
    cut.resolve(how);
  };
  const onClosing = () => end({ outcome: 'cut_off', detail: 'The program stopped.' });
  about.closing.addEventListener('abort', onClosing, { once: true });
  const timer = clock.after(SEND_MS_MAX, () => end(TOO_LONG));
  const sending = notifiers[receiver.kind]
    .send({
      id: delivery.id,
      attempt: delivery.attempts + 1,
      at,
      message,
      receiver,
      secrets,
      isPlain: delivery.isPlain,
      signal: ending.signal,
    })
    .catch((error: unknown): Sent => {
      events.emit('background_failed', { what: `sending to a ${receiver.kind}`, error });
      return { outcome: 'transient', status: null, detail: OUR_ERROR };
    });
  if (about.closing.aborted) onClosing();
  const sent = await Promise.race([sending, cut.promise]);
  timer.cancel();
  about.closing.removeEventListener('abort', onClosing);
  return { sent, attempt: attemptOf(delivery, { sent, at, tookMs: clock.now() - at }) };
}

function attemptOf(
  { id }: Delivery,
  { sent, at, tookMs }: { readonly sent: Sent; readonly at: number; readonly tookMs: number },
): DeliveryAttempt {
  const { outcome } = sent;
  return {
    deliveryId: id,
    at,
    // A clock that was set back makes no attempt shorter than nothing.
    tookMs: Math.max(0, tookMs),
    outcome,
    status: 'status' in sent ? sent.status : null,
    detail: 'detail' in sent ? sent.detail : null,
  };
}
