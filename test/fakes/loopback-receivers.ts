/** Webhook receivers on this machine, a rule for each, and delivering to them with all that is real. */
import { createNotifiers } from '#app/create-notifiers.ts';
import type { ReceiverId } from '#domain/id.ts';
import type { DeliverMeans, TellingDeps } from '#monitor/telling/deliver-means.ts';
import { renderDelivery } from '#monitor/telling/render.ts';
import type { Ids } from '#ports/ids.ts';
import type { StoreChange } from '#ports/store.ts';
import { aReceiver, aRule, ON_CALL_SECRETS } from '#test/contracts/store/acme-telling.ts';

const links = () => ({ url: null, command: 'waba-health incidents list' });

/** The real notifiers and texts; they may reach this machine. */
export function loopbackMeans(deps: TellingDeps): DeliverMeans {
  return {
    deps,
    notifiers: createNotifiers({ clock: deps.clock, allow: ['127.0.0.0/8'] }),
    render: (view, about) => renderDelivery(view, deps, { ...about, links }),
  };
}

/** One receiver that hears of these subjects (ids of entities) alone, at `<url>/<name>`. */
export async function addLoopbackReceiver(
  tx: StoreChange,
  ids: Ids,
  about: {
    readonly name: string;
    readonly url: string;
    readonly subjects: readonly string[];
    readonly at: number;
  },
): Promise<ReceiverId> {
  const { name, url, subjects: subject, at } = about;
  const dated = { name, createdAt: at, updatedAt: at };
  const receiver = aReceiver({ ...dated, id: ids.next('rcv'), urgency: 'notify', settings: {} });
  await tx.receivers.add(receiver, { ...ON_CALL_SECRETS, url: `${url}/${name}` });
  const rule = { ...dated, id: ids.next('rule'), match: { subject }, groupMs: 0 };
  await tx.rules.add(aRule([receiver.id], rule));
  return receiver.id;
}
