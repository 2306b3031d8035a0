/** Acme at night, as messages tell of it: views of incidents that texts are built from. */
import type { Explanation } from '#domain/explanation.ts';
import type { BilledBy } from '#domain/billing.ts';
import { explain } from '#domain/error-catalogue.ts';
import { anIncident } from '#test/domain/incidents/an-incident.ts';
import { causeFinding } from '#domain/incidents/cause-finding.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { IncidentView, NamedNumber, Occasion } from '#domain/telling/texts/incident-view.ts';
import { MINUTE, NIGHT, SECOND } from '#test/domain/samples.ts';

export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Read in Berlin, a minute and a half after it began. */
export const AT_NIGHT: Occasion = {
  now: NIGHT + 90 * SECOND,
  at: NIGHT + 62 * SECOND,
  zone: 'Europe/Berlin',
  instance: 'inst_acme',
};

export function later(ms: number, about: Partial<Occasion> = {}): Occasion {
  return { ...AT_NIGHT, now: NIGHT + ms, at: NIGHT + ms, ...about };
}

/** Acme's numbers in the order in which they were added, all of one verified name. */
export function acmeNumbers(
  count: number,
  verifiedName: string | null = 'Acme GmbH',
): NamedNumber[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `ch_${at}` as const,
    name: ['orders', 'support', 'sales'][at] ?? `shop-${at}`,
    displayNumber: `+49 30 ${1234 + at}`,
    verifiedName,
  }));
}

/** A WABA of Acme whose payment method failed. */
export function incident(about: Partial<Incident> = {}): Incident {
  const detail =
    'There is an error with the payment method. This will block business initiated conversations.';
  return anIncident({ id: 'inc_acme', detail, sentinelId: 'ch_0', ...about });
}

/** It with what the catalogue says about its first code, at Acme, who pays Meta itself. */
function explained(about: Incident, billedBy: BilledBy = 'meta'): Explanation | null {
  if (about.codes.length === 0 || about.cause.kind !== 'entity') return null;
  return explain(causeFinding(about), { upstream: about.upstream ?? 'graph', billedBy });
}

interface ViewWish extends Partial<Omit<IncidentView, 'incident'>> {
  readonly of?: Partial<Incident>;
  /** How many numbers are affected, of how many that the cause could reach. */
  readonly hit?: number;
  readonly billedBy?: BilledBy;
}

/** What one number alone can confirm. */
const ONE = { confirmation: { reads: 2, spanMs: 31 * SECOND, channels: 1, byWebhook: false } };

/** 40 of 40 numbers among 8,000, unless told. */
export function view({ of, hit = 40, billedBy, ...about }: ViewWish = {}): IncidentView {
  const told = incident({ ...(hit === 1 ? ONE : {}), ...of });
  return {
    incident: told,
    numbers: { affected: hit, ever: hit, total: hit },
    channels: acmeNumbers(Math.min(hit, 50)),
    name: null,
    explanation: explained(told, billedBy),
    earlier: null,
    elsewhere: { numbers: 8_000 - hit, incidents: 0 },
    lastKnown: null,
    causes: 1,
    opens: 1,
    left: { recovered: hit },
    stillHeld: 0,
    closedBy: null,
    signals: [],
    labels: null,
    remindAt: NIGHT + 4 * HOUR,
    place: { url: null, command: 'waba-health incidents show 142' },
    ...about,
  };
}

/** The same once it is over, 2 h 23 min after it began. */
export function over(of: Partial<Incident> = {}): Partial<Incident> {
  const endedAt = NIGHT + 2 * HOUR + 23 * MINUTE;
  return { endedAt, resolvedAt: endedAt + 5 * MINUTE, resolution: 'recovered', ...of };
}

/** A page instead of a command. */
export const PAGE = { url: 'https://health.example/i/142?s=x', command: '' };
