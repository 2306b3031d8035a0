/** The operations that look back. */
import { ref, strict } from './field.ts';
import {
  body,
  bodyParams,
  channelUptime,
  listChannelTransitionsQuery,
  listTransitionsQuery,
  transitionPage,
  uptimeQuery,
} from './history.ts';
import type { Operation } from './operation.ts';

export const HISTORY_OPERATIONS = {
  listTransitions: {
    method: 'GET',
    path: '/transitions',
    tag: 'history',
    summary: 'List what changed in the whole fleet, newest first',
    params: strict({}),
    query: listTransitionsQuery,
    body: null,
    responses: { 200: transitionPage },
    problems: [],
  },
  listChannelTransitions: {
    method: 'GET',
    path: '/channels/{ref}/transitions',
    tag: 'history',
    summary: 'List what changed about a channel, newest first',
    params: strict({ ref }),
    query: listChannelTransitionsQuery,
    body: null,
    responses: { 200: transitionPage },
    problems: ['not_found'],
  },
  getChannelUptime: {
    method: 'GET',
    path: '/channels/{ref}/uptime',
    tag: 'history',
    summary: 'Tell how long a channel and its entities were up, and how much of the time was seen',
    params: strict({ ref }),
    query: uptimeQuery,
    body: null,
    responses: { 200: channelUptime },
    problems: ['not_found'],
  },
  getBody: {
    method: 'GET',
    path: '/bodies/{hash}',
    tag: 'history',
    summary: 'Show an answer of the upstream that a transition names',
    params: bodyParams,
    query: strict({}),
    body: null,
    responses: { 200: body },
    problems: ['not_found'],
  },
} as const satisfies Record<string, Operation>;
