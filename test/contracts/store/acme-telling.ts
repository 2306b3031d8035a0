/** Who is told what at Acme, as a store sees it. */
import type { IncidentId, ReceiverId } from '#domain/id.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver, ReceiverSecrets } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Silence } from '#domain/telling/silence.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { createFakeIds } from '#test/fakes/ids.ts';

const ids = createFakeIds();

export const ON_CALL_SECRETS: ReceiverSecrets = {
  url: 'https://hooks.acme.example/T0ACME/tail-of-the-url',
  signing_secret: 'whsec_YWNtZS1zaWduaW5nLXNlY3JldC1mb3ItdGVzdHM=',
};

export function aReceiver(about: Partial<Receiver> = {}): Receiver {
  return {
    id: ids.next('rcv'),
    name: 'on-call',
    kind: 'webhook',
    urgency: 'page',
    settings: { format: 'json' },
    hint: 'hooks.acme.example',
    zone: 'Europe/Berlin',
    createdAt: NOON,
    updatedAt: NOON + 1,
    brokenAt: null,
    failuresInARow: 0,
    heldUntil: 0,
    ...about,
  };
}

export function aRule(receivers: readonly ReceiverId[], about: Partial<Rule> = {}): Rule {
  return {
    id: ids.next('rule'),
    name: 'night',
    match: { severity: ['critical'], labels: { team: 'x' }, numbersMin: 10 },
    receivers,
    groupMs: 30_000,
    remindAfterMs: 4 * 3_600_000,
    remindEveryMs: null,
    isEnabled: true,
    createdAt: NOON,
    updatedAt: NOON + 1,
    ...about,
  };
}

export function aSilence(about: Partial<Silence> = {}): Silence {
  return {
    id: ids.next('sil'),
    match: { channel: ['support'] },
    author: 'Ada',
    reason: 'The card is being changed.',
    startsAt: NOON,
    endsAt: NOON + 3_600_000,
    isExcluded: false,
    createdAt: NOON,
    endedAt: null,
    ...about,
  };
}

export function anIncidentId(): IncidentId {
  return ids.next('inc');
}

/** Owed to that receiver since noon, and due. */
export function aDelivery(receiver: Receiver, about: Partial<Delivery> = {}): Delivery {
  return {
    id: ids.next('dl'),
    incidentId: anIncidentId(),
    receiverId: receiver.id,
    kind: 'opened',
    seq: 0,
    urgency: receiver.urgency,
    severity: 'critical',
    state: 'pending',
    reason: 'The default rule tells it.',
    rule: 'default',
    labels: null,
    group: null,
    about: null,
    createdAt: NOON,
    nextAt: NOON,
    attempts: 0,
    leaseUntil: 0,
    claim: 0,
    deliveredAt: null,
    mergedInto: null,
    isPlain: false,
    ...about,
  };
}

/** Stores receivers of these names. */
export async function addReceivers(
  store: Store,
  ...names: string[]
): Promise<readonly [Receiver, ...Receiver[]]> {
  const [first, ...others] = names.map((name) => aReceiver({ name }));
  if (first === undefined) throw new Error('no receiver was named');
  await store.change(async (tx) => {
    for (const receiver of [first, ...others]) await tx.receivers.add(receiver, ON_CALL_SECRETS);
  });
  return [first, ...others];
}
