/** How messages leave this server: the kinds of receivers, what a message says, and who sends it. */
import type { ServerOptions } from '#config/options.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { IncidentLinks } from '#monitor/telling/incident-link.ts';
import { renderDelivery } from '#monitor/telling/render.ts';
import type { Telling } from '#monitor/telling/start-telling.ts';
import { startTelling } from '#monitor/telling/start-telling.ts';
import type { Notifiers } from '#ports/notifier.ts';
import type { Notice } from '#ports/store.ts';
import type { StartPart } from './background.ts';
import { createNotifiers } from './create-notifiers.ts';
import { systemClock } from './system-clock.ts';
import { waysOut } from './ways-out.ts';

/** All kinds, over the guarded way out. Throws Problem `cannot_start` when an option cannot be used. */
export function notifiersOf(options: ServerOptions): Notifiers {
  const allow = options.receiverAllow;
  return createNotifiers({ clock: systemClock, ...waysOut(options), allow });
}

export interface TellingPart {
  readonly start: StartPart;
  /** This program or another made something due: it is looked for at once, where sending has begun. */
  hear(notice: Notice): void;
}

/** The sending of what is owed. */
export function tellingPart(means: {
  readonly notifiers: Notifiers;
  readonly links: IncidentLinks;
}): TellingPart {
  const { notifiers, links } = means;
  let telling: Telling | null = null;
  return {
    start({ deps }) {
      const place = (incident: Incident) => links.links(incident, deps.clock.now());
      telling = startTelling({
        deps,
        notifiers,
        render: (view, about) => renderDelivery(view, deps, { ...about, links: place }),
      });
      return telling;
    },
    hear({ noun }) {
      if (noun === 'delivery') telling?.wake();
    },
  };
}
