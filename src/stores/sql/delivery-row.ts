/** A delivery between its row and its value. */
import type { Selectable } from 'kysely';
import type { Delivery, DeliveryAttempt } from '#domain/telling/delivery.ts';
import type { DeliveriesTable, DeliveryAttemptsTable } from './schema-incidents.ts';
import { storable } from './transition-row.ts';

export const DELIVERY_COLUMNS = {
  id: 'text',
  incident_id: 'text',
  receiver_id: 'text',
  kind: 'text',
  seq: 'integer',
  urgency: 'text',
  severity: 'text',
  state: 'text',
  reason: 'text',
  rule: 'text',
  labels: 'text',
  group_key: 'text',
  about: 'text',
  created_at: 'integer',
  next_at: 'integer',
  attempts: 'integer',
  lease_until: 'integer',
  claim: 'integer',
  delivered_at: 'integer',
  merged_into: 'text',
  is_plain: 'integer',
} as const satisfies Record<keyof DeliveriesTable, 'text' | 'integer'>;

export function deliveryOf(row: Selectable<DeliveriesTable>): Delivery {
  return {
    id: row.id,
    incidentId: row.incident_id,
    receiverId: row.receiver_id,
    kind: row.kind,
    seq: row.seq,
    urgency: row.urgency,
    severity: row.severity,
    state: row.state,
    reason: row.reason,
    rule: row.rule,
    labels: row.labels === null ? null : JSON.parse(row.labels),
    group: row.group_key,
    about: row.about,
    createdAt: row.created_at,
    nextAt: row.next_at,
    attempts: row.attempts,
    leaseUntil: row.lease_until,
    claim: row.claim,
    deliveredAt: row.delivered_at,
    mergedInto: row.merged_into,
    isPlain: row.is_plain === 1,
  };
}

export function columnsOf(delivery: Delivery): DeliveriesTable {
  return {
    id: delivery.id,
    incident_id: delivery.incidentId,
    receiver_id: delivery.receiverId,
    kind: delivery.kind,
    seq: delivery.seq,
    urgency: delivery.urgency,
    severity: delivery.severity,
    rule: delivery.rule,
    labels: delivery.labels === null ? null : JSON.stringify(delivery.labels),
    group_key: storable(delivery.group),
    about: storable(delivery.about),
    created_at: delivery.createdAt,
    lease_until: delivery.leaseUntil,
    claim: delivery.claim,
    ...endOf(delivery),
  };
}

/** What a claim may change. */
export function endOf(delivery: Delivery) {
  return {
    state: delivery.state,
    reason: reasonOf(delivery),
    next_at: delivery.nextAt,
    attempts: delivery.attempts,
    delivered_at: delivery.deliveredAt,
    merged_into: delivery.mergedInto,
    is_plain: delivery.isPlain ? 1 : 0,
  };
}

/** It may quote what a receiver answered. */
export function reasonOf({ reason }: Pick<Delivery, 'reason'>): string {
  return storable(reason) ?? '';
}

export function attemptOf(row: Selectable<DeliveryAttemptsTable>): DeliveryAttempt {
  return {
    deliveryId: row.delivery_id,
    at: row.at,
    tookMs: row.took_ms,
    outcome: row.outcome,
    status: row.status,
    detail: row.detail,
  };
}
