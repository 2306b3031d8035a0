/** The week of a digest: it comes on Monday at eight in the morning, where its readers live. */

/** Not sent any more, as news of a week that has begun, after so long. */
const LATE_MS_MAX = 24 * 3_600_000;
const HOUR_OF_DAY = 8;
const DAY_MS = 86_400_000;

export interface DigestWeek {
  /** `2026-W10`, after ISO 8601. */
  readonly week: string;
  /** For how long its digest has been due, in ms. */
  readonly dueForMs: number;
}

/** The week whose digest is due in this time zone at `now`; null at all other times. An unknown zone is UTC. */
export function digestDue(now: number, zone: string | null): DigestWeek | null {
  const local = localTime(now, zone);
  const sinceMonday = (new Date(local).getUTCDay() + 6) % 7;
  const monday = Math.floor(local / DAY_MS) * DAY_MS - sinceMonday * DAY_MS;
  const dueForMs = local - (monday + HOUR_OF_DAY * 3_600_000);
  if (dueForMs < 0 || dueForMs >= LATE_MS_MAX) return null;
  return { week: isoWeek(monday), dueForMs };
}

/** The wall clock of the zone, as if it were UTC. */
function localTime(now: number, zone: string | null): number {
  const part = partsOf(now, zone);
  return Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
}

function partsOf(now: number, zone: string | null): (name: string) => number {
  const parts = formatIn(zone).formatToParts(new Date(now));
  return (name) => Number(parts.find(({ type }) => type === name)?.value ?? 0);
}

function formatIn(zone: string | null): Intl.DateTimeFormat {
  const shown = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...shown, timeZone: zone ?? 'UTC' });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...shown, timeZone: 'UTC' });
  }
}

/** A week belongs to the year in which its Thursday lies. */
function isoWeek(monday: number): string {
  const year = new Date(monday + 3 * DAY_MS).getUTCFullYear();
  const fourth = Date.UTC(year, 0, 4);
  const first = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS;
  const week = Math.round((monday - first) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
