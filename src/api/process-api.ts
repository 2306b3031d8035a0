/** What the process says about itself, without authentication. *Health* is only about WhatsApp. */

const text = (description: string, example: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string', examples: [example] } } },
});

const PARAMETERS = [
  {
    name: 'verbose',
    in: 'query',
    description: 'Lists the checks.',
    allowEmptyValue: true,
    schema: { type: 'string' },
  },
  {
    name: 'exclude',
    in: 'query',
    description: 'A check to leave out; may be repeated.',
    schema: { type: 'array', items: { type: 'string' } },
  },
];

const probe = (operationId: string, summary: string, word: string) => ({
  get: {
    tags: ['process'],
    operationId,
    summary,
    security: [],
    parameters: PARAMETERS,
    responses: {
      200: text('It is', 'ok'),
      500: text('It is not', `[-]not_draining failed: reason withheld\n${word} check failed\n`),
    },
  },
});

export const PROCESS_PATHS = {
  '/livez': probe('livez', 'Is the process alive? If not, restart it', 'livez'),
  '/readyz': probe(
    'readyz',
    'Should it get requests? Never fails for a lost store or for Meta',
    'readyz',
  ),
  '/metrics': {
    get: {
      tags: ['process'],
      operationId: 'metrics',
      summary: 'Metrics for Prometheus, with the token of --metrics-token-file',
      responses: {
        200: text('The metrics', 'waba_health_channels{upstream="graph",status="BLOCKED"} 1\n'),
        401: { description: 'Without that token, or when none was given to the server' },
      },
    },
  },
  '/openapi.json': {
    get: {
      tags: ['process'],
      operationId: 'openapi',
      summary: 'This document',
      security: [],
      responses: {
        200: {
          description: 'OpenAPI 3.1',
          content: { 'application/json': { schema: { type: 'object' } } },
        },
      },
    },
  },
};
