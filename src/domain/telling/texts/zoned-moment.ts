/** Moments as somebody reads them at night: UTC, by which all compare, and the clock on their wall. */

/** When it is read, and the reader's IANA time zone; null, or one that is not known, shows UTC alone. */
export interface Reading {
  readonly now: number;
  readonly zone: string | null;
}

/** `02:47 UTC (04:47 Berlin)`; with the day where that is not today, and the year where not this one. */
export function zonedMoment(ms: number, reading: Reading): string {
  const there = reading.zone === null ? null : wallClock(ms, reading.zone);
  const utc = utcMoment(ms, reading.now);
  if (there === null || reading.zone === null) return utc;
  const day = there.day === dayOf(ms) ? '' : `${there.day} `;
  return `${utc} (${day}${there.time} ${cityOf(reading.zone)})`;
}

/** `02:47 UTC`, with the day as above. */
export function utcMoment(ms: number, now: number): string {
  const iso = new Date(ms).toISOString();
  const isToday = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  const year =
    iso.slice(0, 4) === new Date(now).toISOString().slice(0, 4) ? '' : ` ${iso.slice(0, 4)}`;
  return `${isToday ? '' : `${dayOf(ms)}${year} `}${iso.slice(11, 16)} UTC`;
}

/** `22 Nov`, in UTC. */
export function dayOf(ms: number): string {
  const [, month = '', day = ''] = new Date(ms).toISOString().slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month}`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Null where the zone says nothing more than UTC, or is not known. */
function wallClock(
  ms: number,
  zone: string,
): { readonly day: string; readonly time: string } | null {
  if (/^(?:UTC|GMT|Etc\/.*)$/i.test(zone)) return null;
  const parts = partsOf(ms, zone);
  if (parts === null) return null;
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const month = MONTHS[Number(part('month')) - 1] ?? part('month');
  return { day: `${Number(part('day'))} ${month}`, time: `${part('hour')}:${part('minute')}` };
}

function partsOf(ms: number, zone: string): readonly Intl.DateTimeFormatPart[] | null {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    return format.formatToParts(ms);
  } catch (error) {
    // What a program of another version or another machine took for a zone.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `Buenos Aires` of `America/Argentina/Buenos_Aires`. */
function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}
