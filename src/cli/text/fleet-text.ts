/** The fleet on one screen. */
import type { Answer } from '#api/call.ts';
import { channelText } from './channel-text.ts';
import { concernsOf } from './fleet-concerns.ts';
import { unknownReasonText } from './health-words.ts';
import { inert } from './inert.ts';
import { labelled, tableText } from './layout.ts';
import { ageText, momentText } from '#domain/moment-text.ts';
import { numberText, stretchText } from '#domain/number-text.ts';
import type { Style } from './style.ts';

export type FleetStatus = Answer<'getStatus'>['body'];
type Budget = FleetStatus['budgets']['neediest'][number];

const COLUMN = 11;

export interface Screen {
  readonly style: Style;
  readonly width: number;
}

/** Counts, causes, schedule and budgets; what is as it should be takes one line or none. */
export function fleetText(status: FleetStatus, screen: Screen): string {
  const parts = [
    countsText(status, screen),
    causesText(status, screen),
    runningText(status, screen),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

export function countsText(status: FleetStatus, { style }: Screen): string {
  const { total, available, limited, blocked, unknown, paused } = status.channels;
  const asOf = momentText(Date.parse(status.counted_at), { seconds: true });
  const beside = paused === 0 ? '' : `, ${numberText(paused)} paused`;
  const noun = total === 1 ? 'channel' : 'channels';
  const head = `${style.bold(`${numberText(total)} ${noun}`)}${beside}  ${style.dim(asOf)}`;
  const reasons = status.unknown_reasons
    .map(({ reason, channels }) => `${unknownReasonText(reason)}: ${numberText(channels)}`)
    .join('; ');
  const counted = [
    ['AVAILABLE', available, 'can send'],
    ['LIMITED', limited, 'can send, with limits'],
    ['BLOCKED', blocked, 'cannot send'],
    ['UNKNOWN', unknown, reasons === '' ? 'unseen' : `unseen: ${reasons}`],
  ] as const;
  const widest = Math.max(...counted.map(([, count]) => numberText(count).length));
  const rows = counted.map(([word, count, about]) => [
    `  ${word}`,
    numberText(count).padStart(widest),
    count === 0 ? '' : about,
  ]);
  const paint = (cell: string, column: number) => (column === 0 ? style.status(cell) : cell);
  return `${head}\n${tableText({ head: [], rows, paint })}`;
}

function causesText({ causes, causes_left_out: more }: FleetStatus, { style }: Screen): string {
  if (causes.length === 0) return '';
  const widest = Math.max(...causes.map(({ channels }) => numberText(channels).length));
  const rows = causes.map(({ status, cause, channels, examples }) => [
    `  ${status}`,
    cause === null ? 'no known cause' : inert(cause),
    numberText(channels).padStart(widest),
    `${examples.map(channelText).join(', ')}${channels > examples.length ? ' …' : ''}`,
  ]);
  const paint = (cell: string, column: number) => (column === 0 ? style.status(cell) : cell);
  const table = tableText({ head: [], rows, paint });
  return `${style.bold('Causes')}\n${table}${more === 0 ? '' : `\n  and ${more} more causes`}`;
}

export function runningText(status: FleetStatus, { width }: Screen): string {
  const { schedule, budgets } = status;
  const line = (label: string, text: string) => labelled(label, text, { width, column: COLUMN });
  const lines = [line('Schedule', scheduleText(schedule)), line('Quota', quotaText(budgets))];
  lines.push(...concernsOf(status).map(({ label, text }) => line(label, text)));
  for (const budget of budgets.neediest.slice(0, 3)) {
    lines.push(line('', `${inert(budget.bucket)}: ${needText(budget)}`));
  }
  return lines.join('\n');
}

function scheduleText({ late_seconds: late, reads_in_flight: reads }: FleetStatus['schedule']) {
  const time = late < 2 ? 'on time' : `${ageText(late * 1000)} late`;
  return reads === null ? time : `${time}, ${numberText(reads)} reads under way`;
}

function quotaText(budgets: FleetStatus['budgets']): string {
  const { allowed_per_hour: allowed, taken_per_hour: taken, used_percent_max: used } = budgets;
  if (budgets.buckets === 0) return 'nothing was asked yet';
  const percent = allowed === 0 ? 0 : Math.round((100 * taken) / allowed);
  const reported = used === null ? '' : `; the highest use reported is ${Math.round(used)} %`;
  const of = `${numberText(taken)} of ${numberText(allowed)} reads an hour`;
  return `${percent} % of what upstreams allow is taken (${of})${reported}`;
}

/** What is the matter with one budget, and why. */
export function needText(budget: Budget): string {
  if (budget.closed_until !== null) {
    return `nothing is asked until ${momentText(Date.parse(budget.closed_until))}, as the upstream wishes`;
  }
  if (budget.held_until !== null) {
    const used = budget.used_percent === null ? '' : ` (${budget.used_percent} % used)`;
    return `scheduled reads wait until ${momentText(Date.parse(budget.held_until))}${used}`;
  }
  const { needed_per_hour: needed, scheduled_per_hour: may, allowed_per_hour: allowed } = budget;
  if (budget.stretch <= 1) return 'it suffices';
  return (
    `×${stretchText(budget.stretch)}, its channels need ${numberText(needed)} reads an hour and may ` +
    `take ${numberText(may)} of ${numberText(allowed)}`
  );
}
