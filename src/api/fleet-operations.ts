/** The operations about the fleet as a whole. */
import { strict } from './field.ts';
import type { Operation } from './operation.ts';
import { pageQuery } from './page.ts';
import { budgetPage, changesQuery, fleetStatus, lastChanges, statusQuery } from './status.ts';

const NOTHING = strict({});
const PAGE = strict(pageQuery);

export const FLEET_OPERATIONS = {
  getStatus: {
    method: 'GET',
    path: '/status',
    tag: 'fleet',
    summary:
      'Tell how the fleet stands: who can send, why not, and whether the schedule keeps time',
    params: NOTHING,
    query: statusQuery,
    body: null,
    responses: { 200: fleetStatus },
    problems: [],
  },
  listChanges: {
    method: 'GET',
    path: '/changes',
    tag: 'fleet',
    summary: 'List the last changes of verdicts in the whole fleet; ask again to follow them',
    params: NOTHING,
    query: changesQuery,
    body: null,
    responses: { 200: lastChanges },
    problems: [],
  },
  listBudgets: {
    method: 'GET',
    path: '/budgets',
    tag: 'fleet',
    summary: 'List what upstreams allow us to ask, and what the fleet needs of it',
    params: NOTHING,
    query: PAGE,
    body: null,
    responses: { 200: budgetPage },
    problems: [],
  },
} as const satisfies Record<string, Operation>;
