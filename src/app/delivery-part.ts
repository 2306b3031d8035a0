/** What sends messages, joined from what renders them and the ways out. It runs only in the role `deliver`. */
import type { Monitor } from '#monitor/monitor.ts';
import type { Links } from '#monitor/telling/render.ts';
import { renderDelivery } from '#monitor/telling/render.ts';
import type { Telling } from '#monitor/telling/start-telling.ts';
import { startTelling } from '#monitor/telling/start-telling.ts';
import type { Notifiers } from '#ports/notifier.ts';
import type { StartPart } from './background.ts';

export interface DeliveryPart {
  readonly start: StartPart;
  /** Something became due just now. Without effect while it does not run. */
  wake(): void;
}

export function deliveryPart(
  { deps }: Pick<Monitor, 'deps'>,
  { notifiers, links }: { readonly notifiers: Notifiers; readonly links: Links },
): DeliveryPart {
  let running: Telling | null = null;
  return {
    start: () =>
      (running = startTelling({
        deps,
        notifiers,
        render: (view, about) => renderDelivery(view, deps, { ...about, links }),
      })),
    wake: () => running?.wake(),
  };
}
