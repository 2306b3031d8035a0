/**
 * Plans what is told about an incident, in the transaction of the change that it tells of: one delivery for each
 * receiver, also where nothing is told, with the reason. Nothing is sent here.
 */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Decision } from '#domain/telling/decide.ts';
import { isHeard, isInBaseline } from '#domain/telling/decide.ts';
import type { Delivery, DeliveryKind } from '#domain/telling/delivery.ts';
import type { TellingFacts } from '#domain/telling/match.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Announcement, Decided } from './decisions.ts';
import { audienceOf, decisionsAbout, factsOf } from './decisions.ts';
import { draftOf } from './draft.ts';

type Means = Pick<Deps, 'ids' | 'clock' | 'randomness'>;

/** To be called within the change that it tells of, once that is written. */
export async function announce(
  tx: StoreChange,
  { ids }: Pick<Means, 'ids'>,
  about: Announcement,
): Promise<void> {
  const planned: Delivery[] = [];
  for (const decided of await decisionsAbout(tx, about)) {
    const { receiver, before, decision } = decided;
    if (about.isFor !== undefined && !about.isFor(before)) continue;
    const kind = kindFor(about.kind, before);
    const draft = draftOf(receiver, {
      id: ids.next('dl'),
      incidentId: about.incident.id,
      kind,
      seq: before.filter((one) => one.kind === kind).length,
      severity: about.incident.severity,
      at: about.at,
    });
    planned.push({
      ...draft,
      ...(await plan(tx, { ...about, kind }, decided)),
      reason: decision.reason,
    });
  }
  await tx.outbox.add(planned);
}

/** What becomes worse is news as a whole to whoever heard nothing of it before. */
function kindFor(kind: DeliveryKind, before: readonly Delivery[]): DeliveryKind {
  return kind === 'worse' && !isHeard(before) ? 'opened' : kind;
}

type Plan = Partial<Delivery>;

async function plan(
  tx: StoreChange,
  about: Announcement,
  { before, decision }: Decided,
): Promise<Plan> {
  if (!decision.isTold) return { state: 'withheld', about: decision.silenceId };
  const waiting = before.filter(({ state }) => state === 'pending');
  const isSaid =
    about.kind === 'resolved'
      ? await isEndSaid(tx, { before, waiting, at: about.at })
      : await isStillSaid(tx, { waiting, at: about.at });
  const { rule, labels } = decision;
  if (isSaid) return { state: 'superseded', rule, labels };
  return { state: 'pending', rule, labels, ...whenFor(about, decision) };
}

/** Windows of a group begin and end for all at the same time, so that what waits is sent together. */
function whenFor(
  { incident, kind, at }: Announcement,
  { rule, groupMs }: Decision & { readonly isTold: true },
): Pick<Delivery, 'nextAt' | 'group'> {
  const gathered = kind === 'opened' ? Math.max(at, incident.gatherUntil ?? at) : at;
  if (groupMs === 0) return { nextAt: gathered, group: null };
  return { nextAt: Math.ceil((gathered + 1) / groupMs) * groupMs, group: rule };
}

interface Waiting {
  readonly waiting: readonly Delivery[];
  readonly at: number;
}

/**
 * Whether a message that is still to be sent will say this too, as it is rendered only then. What somebody may
 * have begun to send says what was so before: a receiver that took that would not take its repetition.
 */
async function isStillSaid(tx: StoreChange, { waiting, at }: Waiting): Promise<boolean> {
  for (const one of waiting) {
    const isRepeated = one.deliveredAt !== null;
    if (one.claim > 0 && !isRepeated) continue;
    const { state, reason } = one;
    const soon = isRepeated ? { nextAt: at } : {};
    // Settled as what it is already: that locks it, unless it is being sent.
    if ((await tx.outbox.settle([one.id], { now: at, state, reason, ...soon })) > 0) return true;
  }
  return false;
}

/**
 * What waits is not sent any more: the end tells of the beginning too, where that was not told. Only a summary
 * that is still to be sent spares the end.
 */
async function isEndSaid(
  tx: StoreChange,
  { before, waiting, at }: Waiting & { readonly before: readonly Delivery[] },
): Promise<boolean> {
  for (const one of waiting) {
    await tx.outbox.settle([one.id], { now: at, ...endedAs(one) });
  }
  const isSingly = before.some((one) => one.deliveredAt !== null || one.claim > 0);
  if (isSingly) return false;
  for (const { state, mergedInto } of before) {
    const summary = state === 'merged' && mergedInto && (await tx.outbox.find(mergedInto));
    if (!summary || summary.state !== 'pending') continue;
    if (await isStillSaid(tx, { waiting: [summary], at })) return true;
  }
  return false;
}

/** How a delivery ends that is not sent any more because its incident is over. */
export function endedAs({ deliveredAt }: Delivery): Pick<Delivery, 'state' | 'reason'> {
  return deliveredAt === null
    ? { state: 'superseded', reason: 'It was over before this was told.' }
    : { state: 'delivered', reason: 'It was told until it was over.' };
}

/**
 * Plans one summary of what was so before its numbers were watched, for each receiver that hears of such. To
 * be called once for an import, with incidents that were announced singly, and so withheld, before.
 */
export async function announceBaseline(
  tx: StoreChange,
  { ids, clock }: Means,
  incidents: readonly Incident[],
): Promise<void> {
  const at = clock.now();
  const { receivers, rules, silences } = await audienceOf(tx, at);
  if (receivers.length === 0 || incidents.length === 0) return;
  const all: TellingFacts[] = [];
  for (const incident of incidents) all.push(await factsOf(tx, incident));
  const planned = receivers.flatMap((receiver): readonly Delivery[] => {
    const named = all.filter((facts) => isInBaseline({ facts, receiver, rules, silences }));
    if (named.length === 0) return [];
    const draft = draftOf(receiver, {
      id: ids.next('dl'),
      incidentId: null,
      kind: 'baseline',
      seq: 0,
      severity: 'info',
      at,
    });
    const about = JSON.stringify(named.map(({ incident }) => incident.id));
    return [{ ...draft, about, reason: 'It was so before these numbers were watched.' }];
  });
  await tx.outbox.add(planned);
}
