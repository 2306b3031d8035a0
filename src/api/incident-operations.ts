/** The operations about incidents. */
import { evidence, evidenceQuery } from './evidence.ts';
import { ref, strict } from './field.ts';
import {
  acknowledgeIncident,
  incidentEventPage,
  incidentPage,
  listIncidentsQuery,
  memberPage,
  resolveIncident,
  shownIncident,
  why,
  whyQuery,
} from './incident.ts';
import type { Operation } from './operation.ts';
import { pageQuery } from './page.ts';

const NOTHING = strict({});
const PAGE = strict(pageQuery);
const REF = strict({ ref: ref.meta({ description: 'A number, such as 142, or an id.' }) });

export const INCIDENT_OPERATIONS = {
  listIncidents: {
    method: 'GET',
    path: '/incidents',
    tag: 'incidents',
    summary: 'List the incidents, newest first',
    params: NOTHING,
    query: listIncidentsQuery,
    body: null,
    responses: { 200: incidentPage },
    problems: ['not_found'],
  },
  getIncident: {
    method: 'GET',
    path: '/incidents/{ref}',
    tag: 'incidents',
    summary: 'Show an incident: what, since when, why, and what to do',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 200: shownIncident },
    problems: ['not_found'],
  },
  listIncidentMembers: {
    method: 'GET',
    path: '/incidents/{ref}/members',
    tag: 'incidents',
    summary: 'List the channels that are or were members, in the order in which they joined',
    params: REF,
    query: PAGE,
    body: null,
    responses: { 200: memberPage },
    problems: ['not_found'],
  },
  listIncidentEvents: {
    method: 'GET',
    path: '/incidents/{ref}/events',
    tag: 'incidents',
    summary: 'List what happened to an incident, oldest first',
    params: REF,
    query: PAGE,
    body: null,
    responses: { 200: incidentEventPage },
    problems: ['not_found'],
  },
  acknowledgeIncident: {
    method: 'POST',
    path: '/incidents/{ref}/acknowledge',
    tag: 'incidents',
    summary: 'Say that somebody is at it: no more reminders; and watch it closely, if wanted',
    params: REF,
    query: NOTHING,
    body: acknowledgeIncident,
    responses: { 200: shownIncident },
    problems: ['not_found', 'conflict'],
  },
  resolveIncident: {
    method: 'POST',
    path: '/incidents/{ref}/resolve',
    tag: 'incidents',
    summary: 'Close it by hand; it stays closed until a good read was seen',
    params: REF,
    query: NOTHING,
    body: resolveIncident,
    responses: { 200: shownIncident },
    problems: ['not_found', 'conflict'],
  },
  explainTelling: {
    method: 'GET',
    path: '/incidents/{ref}/why',
    tag: 'incidents',
    summary: 'Tell for each receiver what it was told of an incident, and why not',
    params: REF,
    query: whyQuery,
    body: null,
    responses: { 200: why },
    problems: ['not_found'],
  },
  getEvidence: {
    method: 'GET',
    path: '/incidents/{ref}/evidence',
    tag: 'incidents',
    summary: 'Gather what the support of Meta or of 360dialog needs to look into it',
    params: REF,
    query: evidenceQuery,
    body: null,
    responses: { 200: evidence },
    problems: ['not_found'],
  },
} as const satisfies Record<string, Operation>;
