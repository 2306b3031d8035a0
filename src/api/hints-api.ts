/** The doors through which hints come in: webhooks, and the send errors that clients report. */
import { SEND_ERROR_SCHEMA } from './send-error.ts';

const failed = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/utils.ErrorResp' } } },
});

const REFUSALS = {
  400: failed('It is no webhook, or has more than 1,000 updates'),
  401: failed('Not signed by this app, or not with a key of this channel'),
  413: failed('Larger than 3 MiB'),
  429: failed('Too many wrong keys, or too many reports'),
  500: failed('An error of ours'),
  503: failed('The store is away: send it again'),
};

const parameter = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});

const query = (name: string) => ({ name, in: 'query', schema: { type: 'string' } });

const ENVELOPE = {
  required: true,
  content: { 'application/json': { schema: { type: 'object' } } },
};

const TAGS = ['hints'];
const APP = parameter('app', 'Name or id of the app.');

export const HINT_PATHS = {
  '/webhooks/meta/{app}': {
    get: {
      tags: TAGS,
      operationId: 'subscribe-webhook',
      summary: "Answer Meta's question whether this app may send webhooks here",
      security: [],
      parameters: [APP, query('hub.mode'), query('hub.challenge'), query('hub.verify_token')],
      responses: {
        200: {
          description: 'The challenge',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        400: failed('Not the question that Meta asks'),
        403: failed('Another verify token'),
        404: failed('No such app, or one without a secret'),
      },
    },
    post: {
      tags: TAGS,
      operationId: 'receive-webhook',
      summary: 'Take a webhook of Meta, signed by the app in `X-Hub-Signature-256`',
      security: [],
      parameters: [APP],
      requestBody: ENVELOPE,
      responses: {
        200: { description: 'Stored, or known already' },
        404: failed('No such app, or one without a secret'),
        ...REFUSALS,
      },
    },
  },
  '/webhooks/dialog360/{channel}': {
    post: {
      tags: TAGS,
      operationId: 'receive-relayed-webhook',
      summary:
        'Take a webhook that 360dialog passes on, with an API key of the channel as a header',
      security: [{ 'D360-API-KEY': [] }],
      parameters: [parameter('channel', 'Name or id of the channel.')],
      requestBody: ENVELOPE,
      responses: { 200: { description: 'Stored, or known already' }, ...REFUSALS },
    },
  },
  '/v1/signals': {
    post: {
      tags: TAGS,
      operationId: 'report-send-errors',
      summary: 'Report errors of sends, one or a list of up to 100',
      security: [{ 'D360-API-KEY': [] }],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: SEND_ERROR_SCHEMA,
          },
        },
      },
      responses: { 202: { description: 'Counted' }, ...REFUSALS },
    },
  },
};
