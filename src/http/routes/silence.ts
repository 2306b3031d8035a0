import type { Answer } from '#api/call.ts';
import type { Silence } from '#domain/telling/silence.ts';
import { isInForce } from '#domain/telling/silence.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { addSilence, endSilence } from '#monitor/telling/silences.ts';
import type { Handlers } from './handler.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import { matchersOf, matchersView } from './matchers-view.ts';

export const silenceRoutes: Handlers<'listSilences' | 'addSilence' | 'endSilence'> = {
  async listSilences({ query }, { monitor, clock }) {
    const request = pageRequestOf(query);
    const now = clock.now();
    const filter = query.in_force ? { isInForceAt: now } : {};
    const { items, next } = await monitor.deps.store.read((view) =>
      view.silences.list(request, filter),
    );
    const body = { items: items.map((one) => silenceView(one, now)), next_cursor: cursorOf(next) };
    return { status: 200, body };
  },

  async addSilence({ body }, { monitor: { deps }, clock }) {
    const silence = await addSilence(deps, {
      match: matchersOf(body.match),
      author: body.author,
      reason: body.reason,
      startsAt: body.starts_at === null ? null : Date.parse(body.starts_at),
      endsAt: Date.parse(body.ends_at),
      isExcluded: body.exclude_from_uptime,
    });
    return { status: 201, body: silenceView(silence, clock.now()) };
  },

  async endSilence({ params: { id } }, { monitor: { deps }, clock }) {
    return { status: 200, body: silenceView(await endSilence(deps, id), clock.now()) };
  },
};

function silenceView(silence: Silence, now: number): Answer<'endSilence'>['body'] {
  return {
    id: silence.id,
    state: stateOf(silence, now),
    match: matchersView(silence.match),
    author: silence.author,
    reason: silence.reason,
    starts_at: timestampOf(silence.startsAt),
    ends_at: timestampOf(silence.endsAt),
    exclude_from_uptime: silence.isExcluded,
    created_at: timestampOf(silence.createdAt),
    ended_at: timestampOrNull(silence.endedAt),
  };
}

function stateOf(silence: Silence, now: number): string {
  if (isInForce(silence, now)) return 'in_force';
  return silence.startsAt > now && silence.endedAt === null ? 'planned' : 'over';
}
