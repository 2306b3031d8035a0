import type { Input } from '#api/call.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { HttpContext } from '#http/context.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { evidenceOf } from '#monitor/incidents/evidence.ts';
import { acknowledge, resolveByHand } from '#monitor/incidents/verbs.ts';
import { explainTelling } from '#monitor/telling/why.ts';
import type { IncidentFilter } from '#ports/incidents.ts';
import type { StoreView } from '#ports/store.ts';
import { decisionView } from './decision-view.ts';
import { deliveriesWithAttempts, receiverLinks } from './delivery-view.ts';
import { evidenceView } from './evidence-view.ts';
import type { Handlers } from './handler.ts';
import { found } from './handler.ts';
import { eventView, incidentViews, memberView, shownIncident } from './incident-view.ts';
import { channelLinks } from './names.ts';

export const incidentRoutes: Handlers<
  | 'listIncidents'
  | 'getIncident'
  | 'listIncidentMembers'
  | 'listIncidentEvents'
  | 'acknowledgeIncident'
  | 'resolveIncident'
  | 'explainTelling'
  | 'getEvidence'
> = {
  async listIncidents({ query }, { monitor }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.scan(async (view) => {
      const { items, next } = await view.incidents.list(request, await filterOf(view, query));
      const body = { items: await incidentViews(view, items), next_cursor: cursorOf(next) };
      return { status: 200, body };
    });
  },

  async getIncident({ params: { ref } }, context) {
    return { status: 200, body: await shown(ref, context) };
  },

  async listIncidentMembers({ params: { ref }, query }, { monitor }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.read(async (view) => {
      const { id } = await incidentOf(view, ref);
      const { items, next } = await view.incidents.membersOf(id, request);
      const ids = items.map(({ channelId }) => channelId);
      const links = await channelLinks(view, ids);
      const body = {
        items: items.map((one) => memberView(one, links)),
        next_cursor: cursorOf(next),
      };
      return { status: 200, body };
    });
  },

  async listIncidentEvents({ params: { ref }, query }, { monitor }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.read(async (view) => {
      const { id } = await incidentOf(view, ref);
      const { items, next } = await view.incidents.eventsOf(id, request);
      const ids = items.flatMap(({ channelId }) => channelId ?? []);
      const links = await channelLinks(view, ids);
      const body = {
        items: items.map((one) => eventView(one, links)),
        next_cursor: cursorOf(next),
      };
      return { status: 200, body };
    });
  },

  async acknowledgeIncident({ params: { ref }, body }, context) {
    const { id } = await acknowledge(context.monitor.deps, ref, body);
    return { status: 200, body: await shown(id, context) };
  },

  async resolveIncident({ params: { ref }, body }, context) {
    const { id } = await resolveByHand(context.monitor.deps, ref, body);
    return { status: 200, body: await shown(id, context) };
  },

  async explainTelling({ params: { ref }, query }, { monitor: { deps } }) {
    const page = pageRequestOf(query);
    return deps.store.scan(async (view) => {
      const incident = await incidentOf(view, ref);
      const told = await explainTelling(view, deps, {
        incident,
        receiver: query.receiver ?? null,
        page,
      });
      const links = await receiverLinks(view);
      const items = [];
      for (const { receiver, deliveries, leftOut, dryRun } of told.items) {
        items.push({
          receiver: { id: receiver.id, name: receiver.name },
          deliveries: await deliveriesWithAttempts(view, deliveries),
          left_out: leftOut,
          dry_run: dryRun && decisionView(dryRun, links),
        });
      }
      const { id, number } = incident;
      return {
        status: 200,
        body: { incident: { id, number }, items, next_cursor: cursorOf(told.next) },
      };
    });
  },

  async getEvidence({ params: { ref }, query: { labels } }, { monitor: { deps } }) {
    return deps.store.scan(async (view) => {
      const evidence = await evidenceOf(view, await incidentOf(view, ref), deps.clock.now());
      return { status: 200, body: evidenceView(evidence, { withLabels: labels }) };
    });
  },
};

async function incidentOf(view: StoreView, ref: string): Promise<Incident> {
  return found(await view.incidents.find(ref), 'incident', ref);
}

function shown(ref: string, { monitor: { deps } }: HttpContext) {
  return deps.store.scan(async (view) => shownIncident(view, await incidentOf(view, ref)));
}

async function filterOf(
  view: StoreView,
  { state, cause, channel: ref }: Input<'listIncidents'>['query'],
): Promise<IncidentFilter> {
  const channel = ref === undefined ? null : found(await view.channels.find(ref), 'channel', ref);
  return {
    ...(state === 'any' ? {} : { state }),
    ...(cause === undefined ? {} : { causeKind: cause }),
    ...(channel === null ? {} : { channelId: channel.id }),
  };
}
