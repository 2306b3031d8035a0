/** One picture of the fleet for a terminal of a given size: never wider, never higher. */
import { stripVTControlCharacters } from 'node:util';
import type { Answer } from '#api/call.ts';
import { channelText } from '#cli/text/channel-text.ts';
import { countsText, runningText } from '#cli/text/fleet-text.ts';
import type { FleetStatus } from '#cli/text/fleet-text.ts';
import { unknownReasonText } from '#cli/text/health-words.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { ageText } from '#domain/moment-text.ts';
import type { Style } from '#cli/text/style.ts';

export type Change = Answer<'listChanges'>['body']['items'][number];

export interface Seen {
  readonly status: FleetStatus;
  /** The newest first. */
  readonly changes: readonly Change[];
  /** Why what is shown is old; null when it is not. */
  readonly notice: string | null;
}

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly now: number;
}

/** Of the room that counts leave, what channels in trouble get before changes do. */
const TROUBLED_SHARE = 0.6;
const CHANGES_MIN = 4;

/** The lines from top to bottom. */
export function frameLines(seen: Seen, frame: Frame): readonly string[] {
  const { style, columns, rows } = frame;
  const { status, notice } = seen;
  const screen = { style, width: columns };
  const top = [
    ...(notice === null ? [] : [style.bold(inert(notice))]),
    ...countsText(status, screen).split('\n'),
  ];
  const foot = [...runningText(status, screen).split('\n'), style.dim('q ends')];
  const room = Math.max(0, rows - top.length - foot.length - 1);
  const changes = changeLines(seen.changes, style);
  const forTroubled = Math.max(
    Math.floor(room * TROUBLED_SHARE),
    room - Math.max(CHANGES_MIN, changes.length + 2),
  );
  const troubled = titled('Not available', troubledLines(seen, frame), { style, forTroubled });
  const last = titled('Last changes', changes, { style, forTroubled: room - troubled.length });
  const lines = [...top, ...troubled, ...last, '', ...foot];
  return lines.slice(0, rows).map((line) => cut(line, columns));
}

function titled(
  title: string,
  lines: readonly string[],
  { style, forTroubled: room }: { readonly style: Style; readonly forTroubled: number },
): readonly string[] {
  if (lines.length === 0 || room < 3) return [];
  return ['', style.bold(title), ...lines.slice(0, room - 2)];
}

function troubledLines({ status }: Seen, { style, now }: Frame): readonly string[] {
  const rows = status.troubled.map((channel) => [
    `  ${channelText(channel)}`,
    channel.status,
    channel.unknown_reason === null
      ? inert(channel.cause ?? '')
      : unknownReasonText(channel.unknown_reason),
    channel.since === null ? '' : `for ${ageText(now - Date.parse(channel.since))}`,
  ]);
  if (rows.length === 0) return [];
  const paint = (cell: string, column: number) => (column === 1 ? style.status(cell) : cell);
  return tableText({ head: [], rows, paint }).split('\n');
}

function changeLines(changes: readonly Change[], style: Style): readonly string[] {
  return changes.map((change) => `  ${changeText(change, style)}`);
}

/** `02:47:03 support (+49 30 1234, Acme): messaging AVAILABLE → BLOCKED`. */
export function changeText(change: Change, style: Style): string {
  const { at, channel, capability, was, is, unknown_reason: reason } = change;
  const time = new Date(Date.parse(at)).toISOString().slice(11, 19);
  const why = reason === null ? '' : ` (${unknownReasonText(reason)})`;
  const word = (status: string | null) => (status === null ? 'not reported' : style.status(status));
  return `${time} ${channelText(channel)}: ${capability} ${word(was)} → ${word(is)}${why}`;
}

// oxlint-disable-next-line no-control-regex -- a colour begins with one
const SEQUENCE = /(\u001b\[[0-9;]*m)/;

/** At most so many characters of a line, its colours kept and ended. */
function cut(line: string, columns: number): string {
  if (stripVTControlCharacters(line).length <= columns) return line;
  let room = Math.max(0, columns - 1);
  let text = '';
  for (const part of line.split(SEQUENCE)) {
    if (SEQUENCE.test(part)) {
      text += part;
      continue;
    }
    text += part.slice(0, room);
    room = Math.max(0, room - part.length);
  }
  return `${text}…`;
}
