/**
 * The public contract as 360dialog publishes it (Messaging API 1.41.0): its schemas word for word, and
 * the one path that is answered here with what this program adds in headers and refusals.
 */

/** `components.schemas` of the contract; a test compares them with the contract's own file. */
export const MESSAGING_API_SCHEMAS = {
  'health_status.GetHealthStatusResponse': {
    description: 'Response payload containing health status information for messaging and calling',
    properties: {
      health_status: { $ref: '#/components/schemas/health_status.HealthStatus' },
      id: { type: 'string' },
    },
    type: 'object',
  },
  'health_status.HealthStatus': {
    properties: {
      can_send_message: { type: 'string' },
      entities: {
        items: { $ref: '#/components/schemas/health_status.HealthEntity' },
        type: 'array',
        uniqueItems: false,
      },
    },
    type: 'object',
  },
  'health_status.HealthEntity': {
    properties: {
      additional_info: { items: { type: 'string' }, type: 'array', uniqueItems: false },
      can_receive_call_sip: { type: 'string' },
      can_send_message: { type: 'string' },
      entity_type: { type: 'string' },
      errors: {
        items: { $ref: '#/components/schemas/health_status.HealthError' },
        type: 'array',
        uniqueItems: false,
      },
      id: { type: 'string' },
    },
    type: 'object',
  },
  'health_status.HealthError': {
    properties: {
      error_code: { type: 'integer' },
      error_description: { type: 'string' },
      possible_solution: { type: 'string' },
    },
    type: 'object',
  },
  'utils.ErrorResp': { properties: { error: { type: 'string' } }, type: 'object' },
} as const;

/** The contract's way to say who asks. */
export const MESSAGING_API_SECURITY = {
  'D360-API-KEY': {
    description:
      'API Key for Messaging API authentication. Send your API key in the D360-API-KEY header.',
    in: 'header',
    name: 'D360-API-KEY',
    type: 'apiKey',
  },
} as const;

const header = (description: string, example: string) => ({
  description,
  schema: { type: 'string', examples: [example] },
});

const CACHE_HEADERS = {
  Age: header('Seconds since the answer was read from the upstream.', '43'),
  ETag: header(
    'A strong tag of the body.',
    '"7c6f2cd2d4a4b1f0e7d1a5c1f8a1e3b0d9b8c7a6958473625140f1e2d3c4b5a6"',
  ),
  'Cache-Control': header(
    'How long a client may keep it: for the check interval of the channel.',
    'private, max-age=300, stale-while-revalidate=600, stale-if-error=600',
  ),
  Vary: header('The answer belongs to the key.', 'D360-API-KEY'),
  'Cache-Status': header(
    'Where the answer came from (RFC 9211).',
    'waba-health; hit; ttl=-42; detail=timeout',
  ),
  'Waba-Health-Verdict': header(
    'What can be said now: of messaging, of calling, and the aggregate of Meta as reported.',
    'messaging=BLOCKED, calling=AVAILABLE, reported=BLOCKED',
  ),
  'Waba-Health-Effects': header(
    'What it means for a sender; each yes, limited, no or unknown.',
    'business-initiated=no, replies=limited, inbound=yes, calling=yes',
  ),
  'Waba-Health-Reason': header(
    'Entity type and code behind the verdict on messaging, when that is not AVAILABLE.',
    'WABA/141006',
  ),
  'Waba-Health-Since': header(
    'Since when the verdict on messaging holds, when that is not AVAILABLE.',
    '2026-11-24T02:47:03Z',
  ),
};

const NO_STORE = { 'Cache-Control': header('Errors are kept by nobody.', 'no-store') };
const RETRY_AFTER = { 'Retry-After': header('Seconds to wait, where that is known.', '30') };

const failed = (description: string, headers: object = {}) => ({
  description,
  headers: { ...NO_STORE, ...headers },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/utils.ErrorResp' } } },
});

const WITHOUT_BODY = {
  description: 'It still is what `If-None-Match` names',
  headers: CACHE_HEADERS,
};

const RESPONSES = {
  200: {
    description: 'Health status retrieved successfully',
    headers: CACHE_HEADERS,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/health_status.GetHealthStatusResponse' },
      },
    },
  },
  304: WITHOUT_BODY,
  400: failed('`fields` names something that cannot be a field'),
  401: failed('Unauthorized', {
    'WWW-Authenticate': header('How to authenticate.', 'ApiKey realm="waba-health"'),
  }),
  405: failed('Only GET and HEAD', { Allow: header('What is allowed.', 'GET, HEAD') }),
  413: failed('The request has a body that is too large'),
  429: failed('Too many wrong keys; a valid key is never refused', RETRY_AFTER),
  431: failed('The header of the request is too large'),
  500: failed('Internal server error', RETRY_AFTER),
};

/** Without examples: the page for people would fill them in, and each try would be a new read. */
const PARAMETERS = [
  {
    name: 'fields',
    in: 'query',
    description:
      'Names of node fields, separated by commas, such as `health_status,quality_rating`. Other than ' +
      '`id` and `health_status` they are read from the upstream at once and passed through.',
    schema: { type: 'string' },
  },
  {
    name: 'Cache-Control',
    in: 'header',
    description: '`no-cache` or `max-age=<seconds>` asks for a newer answer.',
    schema: { type: 'string' },
  },
  {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of an answer that the client has.',
    schema: { type: 'string' },
  },
];

const COMMON = {
  tags: ['Health'],
  security: [{ 'D360-API-KEY': [] }],
  parameters: PARAMETERS,
};

const withoutContent = (responses: Readonly<Record<number, object>>) =>
  Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const { content: _, ...rest } = response as { content?: unknown };
      return [status, rest];
    }),
  );

/** `paths['/health_status']`. */
export const HEALTH_STATUS_PATH = {
  get: {
    ...COMMON,
    operationId: 'get-health-status',
    summary: 'Get Meta Stack Health Status',
    description:
      'Retrieve health status information for the Meta stack including connectivity and service ' +
      'availability. The body is what the upstream said, byte for byte.',
    responses: RESPONSES,
  },
  head: {
    ...COMMON,
    operationId: 'head-health-status',
    summary: 'The headers of Get Meta Stack Health Status',
    responses: withoutContent(RESPONSES),
  },
};
