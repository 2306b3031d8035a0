/** Between a signal and its row. */
import type { Signal } from '#domain/signals/signal.ts';
import type { SignalsTable } from './schema-signals.ts';

export function columnsOf(signal: Signal): Omit<SignalsTable, 'key'> {
  const { about, subject } = signal;
  return {
    id: signal.id,
    received_at: signal.receivedAt,
    source: signal.source,
    field: signal.field,
    event: signal.event,
    subject_type: subject?.type ?? null,
    subject_id: subject?.id ?? null,
    waba_id: about.wabaId,
    business_id: about.businessId,
    phone_number_id: about.phoneNumberId,
    digits: about.digits,
    template_id: about.templateId,
    channel_id: signal.channelId,
    code: signal.code,
    http_status: signal.httpStatus,
    count: signal.count,
    weight: signal.weight,
    known: signal.isKnown ? 1 : 0,
    summary: signal.summary,
  };
}

export function signalOf(row: SignalsTable): Signal {
  const { subject_type: type, subject_id: id } = row;
  return {
    id: row.id,
    receivedAt: row.received_at,
    source: row.source,
    field: row.field,
    event: row.event,
    subject: type === null ? null : { type, id },
    about: {
      wabaId: row.waba_id,
      businessId: row.business_id,
      phoneNumberId: row.phone_number_id,
      digits: row.digits,
      templateId: row.template_id,
    },
    channelId: row.channel_id,
    code: row.code,
    httpStatus: row.http_status,
    count: row.count,
    weight: row.weight,
    isKnown: row.known === 1,
    summary: row.summary,
  };
}
