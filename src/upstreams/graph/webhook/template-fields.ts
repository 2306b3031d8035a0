/** Fields about templates and flows, and those that bear on nothing (docs/meta.md §5.2). */
import type { SignalWeight } from '#domain/signals/signal.ts';
import { idOf, wordOf } from './envelope.ts';
import type { JsonObject } from './envelope.ts';
import type { FieldChange, FieldReader, Found } from './hint-of.ts';
import { lineOf } from './hint-of.ts';

const STATUSES: ReadonlyMap<string, SignalWeight> = new Map([
  ['APPROVED', 'recovery'],
  ['REINSTATED', 'recovery'],
  ['ARCHIVED', 'info'],
  ['DELETED', 'info'],
  ['PENDING', 'info'],
  ['PENDING_DELETION', 'info'],
  ['IN_APPEAL', 'info'],
  ['DISABLED', 'warning'],
  ['FLAGGED', 'warning'],
  ['LIMIT_EXCEEDED', 'warning'],
  ['LOCKED', 'warning'],
  ['PAUSED', 'warning'],
  ['REJECTED', 'warning'],
]);

const SCORES: ReadonlyMap<string, SignalWeight> = new Map([
  ['RED', 'warning'],
  ['YELLOW', 'change'],
  ['GREEN', 'recovery'],
  ['UNKNOWN', 'info'],
]);

export const TEMPLATE_FIELDS: readonly (readonly [string, FieldReader])[] = [
  ['message_template_status_update', readStatusOrQuality],
  ['message_template_quality_update', readStatusOrQuality],
  ['template_category_update', readCategory],
  ['flows', readFlow],
  ['payment_configuration_update', () => says('a gateway for payments of customers changed')],
  ['partner_solutions', () => says('a solution of partners changed')],
  ['business_username_updates', () => says('the username of the business changed')],
  ['message_template_components_update', () => says('the parts of a template changed')],
  ['template_correct_category_detection', () => says('Meta would put a template elsewhere')],
];

/** Told apart by shape: one of Meta's samples has the name of the other field (docs/meta.md §5.2). */
function readStatusOrQuality({ value }: FieldChange): Found {
  return 'new_quality_score' in value ? readQuality(value) : readStatus(value);
}

function readStatus(value: JsonObject): Found {
  const event = wordOf(value['event']);
  const weight = STATUSES.get(event ?? '');
  const reason = wordOf(value['reason']);
  const why = reason === 'NONE' ? null : reason;
  const summary = lineOf('template', nameIn(value), 'is', event ?? '–', why && `(${why})`);
  const known = weight !== undefined;
  return { ...aboutTemplate(value), event, weight: weight ?? 'change', isKnown: known, summary };
}

function readQuality(value: JsonObject): Found {
  const score = wordOf(value['new_quality_score']);
  const weight = SCORES.get(score ?? '');
  const summary = lineOf('the quality of template', nameIn(value), 'is', score ?? '–');
  const known = weight !== undefined;
  return {
    ...aboutTemplate(value),
    event: score,
    weight: weight ?? 'change',
    isKnown: known,
    summary,
  };
}

function readCategory({ value }: FieldChange): Found {
  const category = wordOf(value['correct_category']) ?? wordOf(value['new_category']);
  const verb = 'correct_category' in value ? 'will be' : 'is';
  const summary = lineOf('template', nameIn(value), verb, category ?? '–');
  return { ...aboutTemplate(value), event: category, weight: 'info', summary };
}

function readFlow({ value }: FieldChange): Found {
  const event = wordOf(value['event']);
  const id = idOf(value['flow_id']);
  const status = wordOf(value['new_status']) ?? wordOf(value['alert_state']);
  return {
    event,
    weight: 'change',
    summary: lineOf('a flow:', event ?? '–', status),
    subject: id === null ? null : { type: 'FLOW', id },
  };
}

/** Of nothing that health depends on. */
function says(summary: string): Found {
  return { weight: 'info', summary };
}

function aboutTemplate(value: JsonObject): Pick<Found, 'subject' | 'about'> {
  const id = idOf(value['message_template_id']);
  const subject = id === null ? null : { type: 'MESSAGE_TEMPLATE', id };
  return { subject, about: { templateId: id } };
}

/** Meta allows lower-case letters, digits and underscores in the name of a template. */
function nameIn(value: JsonObject): string | null {
  const name = value['message_template_name'];
  return typeof name === 'string' && /^[a-z0-9_]{1,64}$/.test(name) ? name : null;
}
