/** What changed, a line for each transition. */
import type { Answer } from '#api/call.ts';
import { channelText } from './channel-text.ts';
import { unknownReasonText } from './health-words.ts';
import { inert } from './inert.ts';
import { tableText } from './layout.ts';
import { momentText } from '#domain/moment-text.ts';
import type { Style } from './style.ts';

export type TransitionView = Answer<'listTransitions'>['body']['items'][number];

/** In the order in which they are given; of a fleet each line names its channel, else it is the title. */
export function historyText(
  items: readonly TransitionView[],
  { style, isFleet }: { readonly style: Style; readonly isFleet: boolean },
): string {
  const rows = items.map((item) => [
    momentText(Date.parse(item.at), { seconds: true }),
    ...(isFleet ? [channelText(item.channel)] : []),
    whatText(item),
    changeText(item),
    detailText(item),
  ]);
  const head = ['When', ...(isFleet ? ['Channel'] : []), 'What', 'Change', ''];
  const dim = (cell: string, column: number) => (column === 0 ? style.dim(cell) : cell);
  const table = tableText({ head, rows, paint: dim });
  const [first] = items;
  return isFleet || first === undefined
    ? table
    : `${style.bold(channelText(first.channel))}\n${table}`;
}

/** What it is a change of, names before ids. */
function whatText({ kind, capability, subject, code }: TransitionView): string {
  const about = subject === null ? [] : [subject.type, subject.id ?? ''];
  switch (kind) {
    case 'verdict':
      return inert(capability ?? kind);
    case 'entity':
      return inert([...about, capability ?? ''].join(' '));
    case 'finding':
      return inert([...about, code ?? ''].join(' '));
    case 'watch':
      return 'watching';
    default:
      return inert([kind, code ?? ''].join(' '));
  }
}

function changeText({ kind, was, is }: TransitionView): string {
  if (kind === 'finding') return is === null ? 'gone' : 'new';
  if (kind === 'watch') return was === null ? 'added' : inert(is ?? 'ended');
  return `${inert(was ?? '–')} → ${inert(is ?? '–')}`;
}

function detailText({ kind, is, detail }: TransitionView): string {
  if (detail === null) return '';
  const isReason = kind === 'verdict' && is === 'UNKNOWN';
  return isReason ? unknownReasonText(detail) : inert(detail);
}
