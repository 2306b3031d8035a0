/** Signals: what webhooks and reported send errors hint at. */
import { z } from 'zod';
import { SIGNAL_SOURCES, SIGNAL_WEIGHTS } from '#domain/signals/signal.ts';
import { channelLink, component, oneOf, openWord, ref, strict, text, timestamp } from './field.ts';
import type { Operation } from './operation.ts';
import { pageOf, pageQuery } from './page.ts';

const id = (description: string) => z.string().nullable().meta({ description });

const signal = component(
  'Signal',
  z.object({
    id: z.string(),
    received_at: timestamp.meta({ description: 'Of what is counted together, the first.' }),
    source: openWord(SIGNAL_SOURCES),
    field: z.string().meta({ description: 'Of a webhook its field; `send_error` of a report.' }),
    event: z.string().nullable().meta({ description: "The upstream's own word for it." }),
    weight: openWord(SIGNAL_WEIGHTS).meta({
      description: 'What it would mean if it were true; what is so, a read tells.',
    }),
    subject: z
      .object({ type: z.string(), id: z.string().nullable() })
      .nullable()
      .meta({ description: 'The entity that it is about.' }),
    channel: channelLink.nullable().meta({ description: 'The channel that it is about.' }),
    waba_id: id('The WABA that it names.'),
    business_id: id('The business that it names.'),
    phone_number_id: id('The number that it names.'),
    digits: id('The digits of the display number that it names.'),
    template_id: id('The template that it names.'),
    code: z.string().nullable().meta({ description: 'Of a send error.' }),
    http_status: z.int().nullable(),
    count: z.int().meta({ description: 'Sends that failed, or webhooks not understood.' }),
    known: z.boolean().meta({ description: 'Whether it was understood.' }),
    summary: z.string(),
  }),
);

const signalPage = component('SignalPage', pageOf(signal));

const FIELD = 'must be the field of a webhook, such as account_update';

const listSignalsQuery = strict({
  ...pageQuery,
  channel: ref.optional().meta({ description: 'Only about this channel, or about its WABA.' }),
  field: text(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, FIELD).optional(),
  known: oneOf(['true', 'false'])
    .optional()
    .meta({ description: '`false`: only what was not understood.' }),
});

export const SIGNAL_OPERATIONS = {
  listSignals: {
    method: 'GET',
    path: '/signals',
    tag: 'history',
    summary:
      'List what webhooks and reported send errors hinted at in the last 30 days, newest first',
    params: strict({}),
    query: listSignalsQuery,
    body: null,
    responses: { 200: signalPage },
    problems: ['not_found'],
  },
} as const satisfies Record<string, Operation>;
