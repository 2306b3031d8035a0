/** Uptime for a person: never rounded up, and never without how much of the time was seen. */
import type { Answer } from '#api/call.ts';
import { channelText } from './channel-text.ts';
import { inert } from './inert.ts';
import { tableText } from './layout.ts';
import { ageText, momentText } from '#domain/moment-text.ts';
import type { Style } from './style.ts';

export type ChannelUptime = Answer<'getChannelUptime'>['body'];
type Uptime = ChannelUptime['messaging'];

const HEAD = ['Uptime', 'Up', 'Limited', 'Blocked', 'Seen'];

/** One channel: its verdicts, then its entities. */
export function uptimeText(told: ChannelUptime, { style }: { readonly style: Style }): string {
  const rows = [['  Messaging', ...cellsOf(told.messaging)]];
  if (told.calling !== null) rows.push(['  Calling', ...cellsOf(told.calling)]);
  for (const { type, id, capability, ...uptime } of told.entities) {
    rows.push([`  ${inert([type, id ?? '', capability].join(' '))}`, ...cellsOf(uptime)]);
  }
  const table = tableText({ head: ['', ...HEAD], rows });
  return `${style.bold(channelText(told.channel))}, ${rangeText(told)}\n${table}`;
}

/** A line for each channel. */
export function fleetUptimeText(items: readonly ChannelUptime[]): string {
  const rows = items.map(({ channel, messaging }) => [channelText(channel), ...cellsOf(messaging)]);
  const [first] = items;
  const range = first === undefined ? '' : `Messaging, ${rangeText(first)}\n`;
  return `${range}${tableText({ head: ['Name', ...HEAD], rows })}`;
}

function rangeText({ from, until }: ChannelUptime): string {
  return `${momentText(Date.parse(from))} to ${momentText(Date.parse(until))}`;
}

function cellsOf({ uptime, coverage, up_ms, limited_ms, down_ms }: Uptime): string[] {
  const shown = uptime === null ? 'not known' : percentText(uptime);
  return [
    shown,
    lengthText(up_ms),
    lengthText(limited_ms),
    lengthText(down_ms),
    percentText(coverage),
  ];
}

/** Rounded down: what was down for a second was not up all the time. */
function percentText(part: number): string {
  // What a product of fractions loses in its last digit is not a second of trouble.
  return `${(Math.floor(part * 100_000 + 1e-6) / 1_000).toFixed(3)} %`;
}

function lengthText(ms: number): string {
  return ms === 0 ? '–' : ageText(ms);
}
