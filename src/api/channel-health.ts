/** The whole view of a channel's health: verdicts, effects, what was reported, why, who acts. */
import { z } from 'zod';
import { component, link, oneOf, openWord, seconds, timestamp, upstream } from './field.ts';
import { failure, failureCode, judgement, status } from './verdict.ts';

const lastFailure = component(
  'LastFailure',
  failure.extend({
    at: timestamp,
    attempt: z.int(),
    in_a_row: z.int().meta({ description: 'Failed reads since the last good one.' }),
  }),
);

export const channelHealth = component(
  'ChannelHealth',
  z.object({
    channel: link,
    display_number: z.string().nullable(),
    verified_name: z.string().nullable(),
    upstream,
    ...judgement,
    last_known: z
      .object({ messaging: status, calling: status.nullable(), age_seconds: seconds })
      .nullable()
      .meta({ description: 'Beside an UNKNOWN: what was last known, and how old it is.' }),
    trust: z.object({
      state: oneOf(['trusted', 'doubted', 'ended']),
      code: openWord(['credential_rejected', 'account_disabled']).nullable(),
      since: timestamp.nullable(),
    }),
    read_at: timestamp.nullable().meta({ description: 'When the last good read arrived.' }),
    attempt: z.int().meta({ description: 'The newest attempt; a greater one is newer.' }),
    served: z
      .object({ version: z.string().nullable(), trace_id: z.string().nullable() })
      .nullable()
      .meta({ description: 'Who served the last good read, by its headers.' }),
    failure: lastFailure
      .nullable()
      .meta({ description: 'Null when the newest read was a good one.' }),
  }),
);

/** The short form beside a channel in a listing. */
export const channelStatus = component(
  'ChannelStatus',
  z.object({
    messaging: status,
    calling: status.nullable(),
    unknown_reason: z.string().nullable(),
    since: timestamp.nullable().meta({ description: 'Of the messaging status.' }),
    calling_since: timestamp.nullable().meta({ description: 'Of the calling status.' }),
    read_at: timestamp.nullable(),
    failure: failureCode.nullable(),
  }),
);
