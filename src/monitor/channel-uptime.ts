/** The uptime of a channel over a range, from what the store has of its history. */
import type { ChannelUptime, EntityHistory } from '#domain/channel-uptime.ts';
import { channelUptime } from '#domain/channel-uptime.ts';
import type { Capability } from '#domain/entity.ts';
import type { ChannelId } from '#domain/id.ts';
import { changesOfAge } from '#domain/outcome-changes.ts';
import { Problem } from '#domain/problem.ts';
import { wordsOf } from '#domain/report-changes.ts';
import { plannedSpans } from '#domain/telling/planned-work.ts';
import type { SeriesStep } from '#domain/transition.ts';
import { verdictSeries, WATCH_SERIES } from '#domain/transition.ts';
import type { Span } from '#domain/uptime.ts';
import type { ChannelRow, StoreView } from '#ports/store.ts';

/** More than any channel has in a year of changing every five minutes. */
const TRANSITIONS_MAX = 100_000;
const PAGE = 2_000;
/** A number has about five entities; this many have come and gone only where something is very wrong. */
const ENTITIES_MAX = 200;

/**
 * To be called in `Store.scan`. A range that ends after `now` is measured until `now`. Throws Problem
 * `invalid_request` when the range holds more transitions than are counted at once.
 */
export async function uptimeOfChannel(
  view: StoreView,
  row: ChannelRow,
  { range, now }: { readonly range: Span; readonly now: number },
): Promise<ChannelUptime> {
  const reader = seriesReader(view, row.channel.id, range);
  const { createdAt, archivedAt } = row.channel;
  const verdicts = {
    messaging: [...(await reader(verdictSeries('messaging'))), ...untold(row, 'messaging', now)],
    calling: [...(await reader(verdictSeries('calling'))), ...untold(row, 'calling', now)],
  };
  const watch = await reader(WATCH_SERIES);
  const entities = await entityHistories(view, row, reader);
  const planned = plannedSpans(await view.silences.plannedWork(range), row.channel);
  const history = { createdAt, archivedAt, watch, verdicts, entities, planned };
  return channelUptime(history, range);
}

type SeriesReader = (series: string) => Promise<readonly SeriesStep[]>;

/** Reads series whole, until all of them together are more than may be counted. */
function seriesReader(view: StoreView, id: ChannelId, range: Span): SeriesReader {
  let read = 0;
  return async (series) => {
    const steps: SeriesStep[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof view.history.seriesOf>> = await view.history.seriesOf(
        id,
        { series, ...range },
        { after, limit: PAGE },
      );
      read += page.items.length;
      if (read > TRANSITIONS_MAX) throw tooMany();
      steps.push(...page.items);
      after = page.next;
    } while (after !== null);
    return steps;
  };
}

function tooMany(): Problem {
  const count = TRANSITIONS_MAX.toLocaleString('en');
  const message = `The range holds more than ${count} transitions; ask for a shorter one.`;
  return new Problem('invalid_request', message);
}

/** What the passing of time has changed and no read has told yet: it is told by the next one. */
function untold(row: ChannelRow, capability: Capability, now: number): readonly SeriesStep[] {
  const { state, recorded, channel } = row;
  const { changes } = changesOfAge(state, { recorded, intervalMs: channel.intervalMs, at: now });
  return changes
    .filter((change) => change.capability === capability)
    .map(({ at, was, is, detail }) => ({ id: 'tr_', attempt: Infinity, at, was, is, detail }));
}

/** The entities of the newest answer, and those that history tells of. */
async function entityHistories(
  view: StoreView,
  { channel, state }: ChannelRow,
  stepsOf: SeriesReader,
): Promise<readonly EntityHistory[]> {
  const histories = new Map<string, Omit<EntityHistory, 'steps'>>();
  for (const { series, entity, capability } of await view.history.entitiesSeen(
    channel.id,
    ENTITIES_MAX,
  )) {
    histories.set(series, { entity, capability, word: null });
  }
  for (const [series, one] of wordsOf(state.good?.report.entities ?? []))
    histories.set(series, one);
  const told: EntityHistory[] = [];
  for (const [series, one] of histories) told.push({ ...one, steps: await stepsOf(series) });
  return told;
}
