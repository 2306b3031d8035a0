/** Send errors that a client reports with its API key: counted, and a reason to look where one names the account. */
import type { ChannelId } from '#domain/id.ts';
import { classOfSendError } from '#domain/signals/send-errors.ts';
import type { SendErrorCount } from '#domain/signals/send-errors.ts';
import type { Signal, SignalSource } from '#domain/signals/signal.ts';
import { ABOUT_NOBODY, COUNTED_TOGETHER_MS, HINTED_READ_EVERY_MS } from '#domain/signals/signal.ts';
import type { Deps } from '#monitor/deps.ts';

export interface ReportedError extends SendErrorCount {
  readonly httpStatus: number | null;
}

/** Records them in one transaction. Throws Problem `store_unavailable`. */
export async function receiveSendErrors(
  { store, ids, clock, events }: Pick<Deps, 'store' | 'ids' | 'clock' | 'events'>,
  channelId: ChannelId,
  errors: readonly ReportedError[],
): Promise<void> {
  const now = clock.now();
  const wantsRead = errors.some(({ code }) => isReasonToLook(code));
  await store.change(async (tx) => {
    const phoneNumberId = (await tx.channels.find(channelId))?.identity?.phoneNumberId ?? null;
    for (const { code, httpStatus, sends } of errors) {
      const signal: Signal = {
        id: ids.next('sig'),
        receivedAt: now,
        source: 'api',
        channelId,
        field: 'send_error',
        event: null,
        subject: phoneNumberId === null ? null : { type: 'PHONE_NUMBER', id: phoneNumberId },
        about: { ...ABOUT_NOBODY, phoneNumberId },
        code,
        httpStatus,
        count: sends,
        weight: 'change',
        isKnown: true,
        summary: `sends failed with ${code}`,
      };
      await tx.signals.add(signal, { key: keyOfCounted(signal, 'api'), counts: true });
    }
    const about = { now, everyMs: HINTED_READ_EVERY_MS };
    if (wantsRead) await tx.signals.makeDue([channelId], about);
  });
  events.emit('signal_recorded', { source: 'api', weight: 'change', known: true, channelId });
}

/** Whether a send error says something that a read of the health can show. */
export function isReasonToLook(code: string): boolean {
  const of = classOfSendError(code);
  return of === 'account' || of === 'unclear';
}

/** Those with the same key are counted in one row: of one subject, of one kind, within a minute. */
export function keyOfCounted(signal: Signal, source: SignalSource): string {
  const { receivedAt, channelId, about, field, code, httpStatus } = signal;
  const slice = Math.floor(receivedAt / COUNTED_TOGETHER_MS);
  const whose = channelId ?? about.phoneNumberId ?? about.wabaId;
  return JSON.stringify([source, field, whose, code, httpStatus, slice]);
}
