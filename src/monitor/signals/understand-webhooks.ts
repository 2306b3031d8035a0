/**
 * Webhooks that were answered, one after the other: what each says is recorded, and whom it names is read. Where a
 * program ends in between, the next goes on: a step and how far it got are one transaction.
 */
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Hint, Signal } from '#domain/signals/signal.ts';
import { ABOUT_NOBODY, HINTED_READ_EVERY_MS, wantsRead } from '#domain/signals/signal.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Repeated } from '#monitor/repeat.ts';
import { repeat } from '#monitor/repeat.ts';
import type { PendingWebhook } from '#ports/signals.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Change } from '#ports/webhooks.ts';
import { isReasonToLook, keyOfCounted } from './receive-send-errors.ts';
import { setAside, WebhookFailures } from './set-aside.ts';

/** How often the store is asked for webhooks: a hint is not to wait, and the question costs next to nothing. */
const EVERY_MS = 500;
/** Changes a transaction: it holds up others for some milliseconds. */
const STEP_CHANGES = 50;
/** Channels of a WABA that are looked at for one that can be read. */
const CANDIDATES_MAX = 20;

type SignalDeps = Pick<Deps, 'store' | 'webhooks' | 'ids' | 'clock' | 'events'>;

export function startWebhooks(deps: SignalDeps): Repeated {
  const failures = new WebhookFailures();
  return repeat(deps, {
    what: 'understanding webhooks',
    everyMs: EVERY_MS,
    work: () => understandNext(deps, failures),
  });
}

/**
 * One step with the webhook that waits longest. False when none does. Throws what went wrong; with the last of
 * `failures` that a webhook may have it is set aside, so that it holds up nobody else.
 */
export async function understandNext(
  deps: SignalDeps,
  failures = new WebhookFailures(),
): Promise<boolean> {
  const webhook = await deps.store.read((view) => view.signals.pending());
  if (webhook === null) return false;
  try {
    await understand(deps, webhook);
  } catch (error) {
    if (failures.isLast(webhook, error)) await setAside(deps, webhook);
    throw error;
  }
  return true;
}

async function understand(deps: SignalDeps, webhook: PendingWebhook): Promise<void> {
  const changes = deps.webhooks.changesIn(webhook.body);
  const { hash, done: from } = webhook;
  const done = Math.min(changes.length, from + STEP_CHANGES);
  const isAll = done === changes.length;
  const at = deps.clock.now();
  const recorded = await deps.store.change(async (tx) => {
    if (!(await tx.signals.advance(hash, { from, done, isAll, at }))) return [];
    return record(tx, deps, { webhook, changes: changes.slice(from, done) });
  });
  for (const { source, weight, isKnown: known, channelId } of recorded) {
    deps.events.emit('signal_recorded', { source, weight, known, channelId });
  }
}

async function record(
  tx: StoreChange,
  deps: SignalDeps,
  { webhook, changes }: { readonly webhook: PendingWebhook; readonly changes: readonly Change[] },
): Promise<readonly Signal[]> {
  const door = await doorOf(tx, webhook);
  const channels = await channelsNamed(tx, changes, door === 'anybody' ? null : door);
  const numbers = new Set<ChannelId>();
  const wabas = new Set<string>();
  const recorded: Signal[] = [];
  for (const change of changes) {
    const named = channels(change.hint);
    const isTold = mayTell(door, change.hint, named);
    const { hint, key } = isTold ? change : { hint: foreign(change.hint), key: null };
    const channel = isTold ? named : null;
    const signal = signalOf(deps, { webhook, hint, channel });
    const counted = keyOfCounted(signal, webhook.source);
    const isNew = await tx.signals.add(signal, { key: key ?? counted, counts: key === null });
    if (key !== null && !isNew) continue;
    recorded.push(signal);
    if (!wantsLook(hint)) continue;
    if (channel !== null) numbers.add(channel.id);
    else if (hint.about.wabaId !== null) wabas.add(hint.about.wabaId);
  }
  for (const wabaId of wabas) {
    const one = await readableOf(tx, wabaId);
    if (one !== null) numbers.add(one);
  }
  const ids = [...numbers];
  await tx.signals.makeDue(ids, { now: deps.clock.now(), everyMs: HINTED_READ_EVERY_MS });
  return recorded;
}

function wantsLook(hint: Hint): boolean {
  return hint.code === null ? wantsRead(hint) : isReasonToLook(hint.code);
}

function signalOf(
  { ids }: SignalDeps,
  about: {
    readonly webhook: PendingWebhook;
    readonly hint: Hint;
    readonly channel: Channel | null;
  },
): Signal {
  const { webhook, hint, channel } = about;
  const phoneNumberId =
    hint.about.phoneNumberId ?? channel?.identity?.phoneNumberId ?? channel?.nodeId ?? null;
  // What names a number by its digits alone is about the number all the same.
  const isNumber = hint.subject === null && hint.about.digits !== null && phoneNumberId !== null;
  return {
    ...hint,
    subject: isNumber ? { type: 'PHONE_NUMBER', id: phoneNumberId } : hint.subject,
    about: { ...hint.about, phoneNumberId },
    id: ids.next('sig'),
    receivedAt: webhook.receivedAt,
    source: webhook.source,
    channelId: channel?.id ?? null,
  };
}

/** The channel that a hint is about: by its node, by its digits, or by the door through which it came. */
async function channelsNamed(
  tx: StoreChange,
  changes: readonly Change[],
  own: Channel | null,
): Promise<(hint: Hint) => Channel | null> {
  const about = changes.map(({ hint }) => hint.about);
  const nodes = await tx.channels.ofNodes(present(about.map((one) => one.phoneNumberId)));
  const digits = await tx.channels.ofDigits(present(about.map((one) => one.digits)));
  return ({ about: { phoneNumberId, digits: written } }) => {
    if (phoneNumberId !== null) {
      const isOwn = own?.identity?.phoneNumberId === phoneNumberId;
      return isOwn ? own : (nodes.get(phoneNumberId) ?? null);
    }
    return written === null ? null : (digits.get(written) ?? null);
  };
}

/** The channel through whose door a webhook of 360dialog came; 'anybody' for one that Meta has signed. */
async function doorOf(tx: StoreChange, { source, ref }: PendingWebhook) {
  return source === 'meta' ? 'anybody' : tx.channels.find(ref);
}

/**
 * Whether who opened this door may say it. A channel's API key speaks of its number and WABA only: what it says of
 * others would have them read, and would confirm what is suspected of them.
 */
function mayTell(door: Channel | 'anybody' | null, hint: Hint, channel: Channel | null): boolean {
  if (door === 'anybody') return true;
  if (door === null || (channel !== null && channel.id !== door.id)) return false;
  const { wabaId } = hint.about;
  return wabaId === null || wabaId === (door.identity?.wabaId ?? null);
}

/** What is left of a hint about somebody else: that there was one. */
function foreign({ field }: Hint): Hint {
  return {
    field,
    event: null,
    subject: null,
    about: ABOUT_NOBODY,
    code: null,
    httpStatus: null,
    count: 1,
    weight: 'info',
    isKnown: false,
    summary: 'a webhook about another account than that of the channel whose key it came with',
  };
}

/** One channel of a WABA: what is so of the account shows in each. Rather one whose last read was good. */
async function readableOf(tx: StoreChange, wabaId: string): Promise<ChannelId | null> {
  const page = { after: null, limit: CANDIDATES_MAX };
  const { items } = await tx.channels.ofEntity({ type: 'WABA', id: wabaId }, page);
  let second: ChannelId | null = null;
  for (const id of items) {
    const row = await tx.channels.findRow(id);
    if (row === null || row.channel.pausedAt !== null) continue;
    if (row.state.lastFailure === null) return id;
    second ??= id;
  }
  return second;
}

function present(given: readonly (string | null)[]): readonly string[] {
  return [...new Set(given)].filter((one) => one !== null);
}
