/** Incidents: one cause that keeps channels from sending or from being seen, and all that happened to it. */
import { z } from 'zod';
import { ACTORS } from '#domain/actor.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import { CAPABILITIES } from '#domain/entity.ts';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';
import {
  INCIDENT_EVENT_KINDS,
  LEFT_REASONS,
  RESOLUTIONS,
  SEVERITIES,
} from '#domain/incidents/incident.ts';
import { STATUSES } from '#domain/status.ts';
import { deliveryWithAttempts, incidentLink } from './delivery.ts';
import {
  channelLink,
  component,
  flag,
  link,
  oneOf,
  openWord,
  ref,
  seconds,
  strict,
  timestamp,
} from './field.ts';
import { pageOf, pageQuery } from './page.ts';
import { decision } from './rule.ts';
import { person, saying } from './silence.ts';

const cause = component(
  'Cause',
  z.object({
    kind: openWord(CAUSE_KINDS),
    type: z.string().nullable().meta({ description: 'Of an entity its type, as received.' }),
    id: z
      .string()
      .nullable()
      .meta({ description: 'Of the entity, or of what of ours it is about.' }),
    name: z
      .string()
      .nullable()
      .meta({ description: 'By what people know it, where we know that.' }),
  }),
);

const incidentFields = {
  id: z.string(),
  number: z.int().meta({ description: 'Short, for people.' }),
  cause,
  capability: openWord(CAPABILITIES).nullable(),
  upstream: openWord(UPSTREAM_KINDS).nullable(),
  status: openWord(STATUSES),
  severity: openWord(SEVERITIES),
  codes: z
    .array(z.string())
    .meta({ description: 'Of the findings behind it, the weightiest first.' }),
  actor: openWord(ACTORS).meta({ description: 'Who must act.' }),
  detail: z.string().nullable().meta({ description: 'What it is, in a sentence; foreign text.' }),
  began_at: timestamp.meta({ description: 'The first bad read.' }),
  opened_at: timestamp,
  last_good_at: timestamp.nullable().meta({ description: 'The newest good read before it began.' }),
  confirmation: z.object({
    reads: z.int(),
    span_seconds: seconds,
    channels: z.int(),
    by_webhook: z.boolean(),
  }),
  is_baseline: z.boolean().meta({ description: 'It was so before we watched.' }),
  is_flapping: z.boolean(),
  inhibited_by: z.string().nullable().meta({ description: 'The fleet incident that tells of it.' }),
  gather_until: timestamp.nullable(),
  acknowledgement: z
    .object({ at: timestamp, by: z.string(), note: z.string().nullable() })
    .nullable(),
  watch_until: timestamp
    .nullable()
    .meta({ description: 'Until when its members are read closely.' }),
  unseen_since: timestamp.nullable().meta({ description: 'Since when no member can be seen.' }),
  ended_at: timestamp
    .nullable()
    .meta({ description: 'The first good read after the last bad one.' }),
  resolved_at: timestamp.nullable(),
  resolution: openWord(RESOLUTIONS).nullable(),
  numbers: z.object({
    affected: z.int().meta({ description: 'Members now.' }),
    ever: z.int().meta({ description: 'Whoever is or was one.' }),
  }),
};

const incident = component('Incident', z.object(incidentFields));

export const incidentPage = component('IncidentPage', pageOf(incident));

/** What a code means here, and what to do. */
const incidentFinding = component(
  'IncidentFinding',
  z.object({
    code: z.string(),
    meaning: z.string(),
    known: z.boolean(),
    actor: openWord(ACTORS),
    remedy: z.object({ text: z.string(), link: z.string().nullable() }),
    earlier: z
      .object({ from_seconds: seconds, to_seconds: seconds, cases: z.int() })
      .nullable()
      .meta({
        description:
          'How long it took, after somebody was at it, until causes with this code were good again.',
      }),
  }),
);

export const shownIncident = component(
  'ShownIncident',
  z.object({ ...incidentFields, findings: z.array(incidentFinding) }),
);

export const memberPage = component(
  'MemberPage',
  pageOf(
    component(
      'Member',
      z.object({
        channel: channelLink,
        status: openWord(STATUSES),
        joined_at: timestamp,
        first_bad_at: timestamp,
        worked: z.boolean().meta({ description: 'It had worked before.' }),
        replaced: openWord(STATUSES).nullable().meta({ description: 'What it took the place of.' }),
        left_at: timestamp.nullable(),
        left_reason: openWord(LEFT_REASONS).nullable(),
      }),
    ),
  ),
);

export const incidentEventPage = component(
  'IncidentEventPage',
  pageOf(
    component(
      'IncidentEvent',
      z.object({
        at: timestamp,
        kind: openWord(INCIDENT_EVENT_KINDS),
        channel: channelLink.nullable(),
        by: z.string().nullable().meta({ description: 'Who did it, where a person did.' }),
        detail: z.string().nullable(),
      }),
    ),
  ),
);

export const listIncidentsQuery = strict({
  ...pageQuery,
  state: oneOf(['open', 'resolved', 'any']).default('any'),
  cause: oneOf(CAUSE_KINDS).optional().meta({ description: 'Only with a cause of this kind.' }),
  channel: ref.optional().meta({ description: 'Only those of which this channel is or was one.' }),
});

const said = {
  by: person.meta({ description: 'Who says so; the timeline keeps it.' }),
  note: saying.nullable().default(null).meta({ description: 'In your words.' }),
};

export const acknowledgeIncident = component(
  'AcknowledgeIncident',
  strict({
    ...said,
    watch: flag(false).meta({
      description: 'Read its members every 15 s for half an hour, because somebody is at it.',
    }),
  }),
);

export const resolveIncident = component('ResolveIncident', strict(said));

export const whyQuery = strict({
  ...pageQuery,
  receiver: ref.optional().meta({ description: 'Only of this receiver.' }),
});

const whyItem = component(
  'WhyItem',
  z.object({
    receiver: link,
    deliveries: z
      .array(deliveryWithAttempts)
      .meta({ description: 'What was decided about it, oldest first; only the last of many.' }),
    left_out: z.int().meta({ description: 'How many older ones are not listed here.' }),
    dry_run: decision
      .nullable()
      .meta({ description: 'What would be decided now; given where nothing was decided.' }),
  }),
);

export const why = component(
  'Why',
  z.object({
    incident: incidentLink,
    items: z.array(whyItem),
    next_cursor: z.string().nullable(),
  }),
);
