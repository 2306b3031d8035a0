import type { Answer, Input } from '#api/call.ts';
import { Problem } from '#domain/problem.ts';
import type { Transition } from '#domain/transition.ts';
import type { Span, Uptime } from '#domain/uptime.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { uptimeOfChannel } from '#monitor/channel-uptime.ts';
import { invalidRequest } from '#monitor/name-check.ts';
import type { TransitionFilter } from '#ports/history.ts';
import type { Page } from '#ports/page.ts';
import type { StoreView } from '#ports/store.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf } from './handler.ts';
import { channelLink, channelLinks } from './names.ts';
import { transitionView } from './transition-view.ts';

type ChannelUptime = Answer<'getChannelUptime'>['body'];

/** How far back an uptime goes that nobody gave a beginning. */
const RANGE_MS = 30 * 86_400_000;

export const historyRoutes: Handlers<
  'listTransitions' | 'listChannelTransitions' | 'getChannelUptime' | 'getBody'
> = {
  async listTransitions({ query }, { monitor }) {
    const filter = transitionFilterOf(query);
    return monitor.deps.store.read(async (view) => {
      return pageView(view, await view.history.list(pageRequestOf(query), filter));
    });
  },

  async listChannelTransitions({ params: { ref }, query }, { monitor }) {
    const { series } = query;
    if (series !== undefined && query.kind.length > 0) {
      throw invalidRequest([{ at: 'query.series', message: 'must be given without kind' }]);
    }
    const filter = { ...transitionFilterOf(query), ...(series === undefined ? {} : { series }) };
    return monitor.deps.store.read(async (view) => {
      const { id: channelId } = found(await view.channels.find(ref), 'channel', ref);
      const page = await view.history.list(pageRequestOf(query), { ...filter, channelId });
      return pageView(view, page);
    });
  },

  async getChannelUptime({ params: { ref }, query }, { monitor, clock }) {
    const now = clock.now();
    const range = rangeOf(query, now);
    return monitor.deps.store.scan(async (view) => {
      const row = found(await view.channels.findRow(ref), 'channel', ref);
      const { messaging, calling, entities } = await uptimeOfChannel(view, row, { range, now });
      const body = {
        channel: channelLink({ ...row.channel, names: row.names }),
        from: timestampOf(range.from),
        until: timestampOf(range.until),
        messaging: uptimeView(messaging),
        calling: calling && uptimeView(calling),
        entities: entities.map(({ type, id, capability, uptime }) => {
          return { type, id, capability, ...uptimeView(uptime) };
        }),
      };
      return { status: 200, body };
    });
  },

  async getBody({ params: { hash } }, { monitor }) {
    const bytes = await monitor.deps.store.read((view) => view.history.bodyOf(hash));
    if (bytes === null) {
      const message = 'No such answer is stored; what no transition names any more is erased.';
      throw new Problem('not_found', message);
    }
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { status: 200, body: { hash, bytes: bytes.length, text } };
  },
};

/** What a listing or an export asks for. Throws Problem `invalid_request`. */
export function transitionFilterOf(query: {
  readonly kind: Input<'listTransitions'>['query']['kind'];
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}): TransitionFilter {
  const { kind: kinds } = query;
  const from = query.from === undefined ? null : Date.parse(query.from);
  const until = query.until === undefined ? null : Date.parse(query.until);
  if (from !== null && until !== null && from > until) throw backwards();
  return { kinds, ...(from === null ? {} : { from }), ...(until === null ? {} : { until }) };
}

function rangeOf(query: Input<'getChannelUptime'>['query'], now: number): Span {
  const end = query.until === undefined ? now : Date.parse(query.until);
  const from = query.from === undefined ? end - RANGE_MS : Date.parse(query.from);
  if (from > end) throw backwards();
  if (from > now) {
    throw invalidRequest([{ at: 'query.from', message: 'must not be in the future' }]);
  }
  return { from, until: Math.min(end, now) };
}

function backwards(): Problem {
  return invalidRequest([{ at: 'query.until', message: 'must not be before from' }]);
}

async function pageView(view: StoreView, { items, next }: Page<Transition>) {
  const links = await channelLinks(
    view,
    items.map(({ channelId }) => channelId),
  );
  const body = {
    items: items.map((item) => transitionView(item, links)),
    next_cursor: cursorOf(next),
  };
  return { status: 200 as const, body };
}

function uptimeView(told: Uptime): ChannelUptime['messaging'] {
  const { upMs, limitedMs, downMs, unmeasuredMs, uptime, coverage } = told;
  return {
    uptime,
    coverage,
    up_ms: upMs,
    limited_ms: limitedMs,
    down_ms: downMs,
    unmeasured_ms: unmeasuredMs,
  };
}
