import type { Call, ClientCommand } from '#cli/client-command.ts';
import { incidentText } from '#cli/text/incident-text.ts';
import type { IncidentStory } from '#cli/text/incident-text.ts';

/** As many as a person looks at; the API has all of them. */
const MEMBERS = 20;
const EVENTS = 200;
const DELIVERIES = 30;

export const incidentShow: ClientCommand = {
  signature: 'show <incident>',
  summary: 'Show an incident: what, since when, why, what to do, who is hit, what happened.',
  async run(call) {
    const story = await storyOf(call);
    const { style, width } = call.terminal;
    const text = incidentText(story, { style, width, now: call.terminal.now() });
    const { incident, members, events, deliveries } = story;
    return { json: { ...incident, members, events, deliveries }, text };
  },
};

async function storyOf({ client, args: [ref = ''] }: Call): Promise<IncidentStory> {
  const params = { ref };
  const [incident, members, events, deliveries] = await Promise.all([
    client.getIncident({ params }),
    client.listIncidentMembers({ params, query: { limit: MEMBERS } }),
    client.listIncidentEvents({ params, query: { limit: EVENTS } }),
    client.listDeliveries({ query: { incident: ref, limit: DELIVERIES } }),
  ]);
  return {
    incident: incident.body,
    members: members.body.items,
    events: events.body.items,
    hasMoreEvents: events.body.next_cursor !== null,
    deliveries: deliveries.body.items,
  };
}
