/** Send errors as a client reports them with its API key. */
import { z } from 'zod';
import { component, strict } from './field.ts';

const REPORTED_MAX = 100;
const SENDS_MAX = 100_000;

const CODE = 'must be the code of Meta, such as 131042';
const STATUS = 'must be an HTTP status from 100 to 599';
const COUNT = `must be a whole number from 1 to ${SENDS_MAX}`;

const sendError = component(
  'SendError',
  strict({
    code: z
      .preprocess(
        (given) => (typeof given === 'string' && /^[0-9]{1,7}$/.test(given) ? +given : given),
        z.int({ error: CODE }).min(0, { error: CODE }).max(9_999_999, { error: CODE }),
      )
      .meta({ description: '`error.code` of the answer.' }),
    http_status: z
      .int({ error: STATUS })
      .min(100, { error: STATUS })
      .max(599, { error: STATUS })
      .nullable()
      .default(null),
    count: z
      .int({ error: COUNT })
      .min(1, { error: COUNT })
      .max(SENDS_MAX, { error: COUNT })
      .default(1)
      .meta({ description: 'Sends that failed so.' }),
  }),
);

const LIST = `must be 1 to ${REPORTED_MAX} errors`;

export const sendErrorReport = component(
  'SendErrorReport',
  z.array(sendError, { error: LIST }).min(1, { error: LIST }).max(REPORTED_MAX, { error: LIST }),
);

/** In the document: one of them, or a list. */
export const SEND_ERROR_SCHEMA = {
  oneOf: [
    { $ref: '#/components/schemas/SendError' },
    { $ref: '#/components/schemas/SendErrorReport' },
  ],
};
