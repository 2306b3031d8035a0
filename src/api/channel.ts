/** Channels: the numbers that we watch. */
import { z } from 'zod';
import { CHECK_INTERVAL_MS_MIN } from '#domain/freshness.ts';
import { STATUSES } from '#domain/status.ts';
import { channelStatus } from './channel-health.ts';
import { appRef } from './credential.ts';
import {
  billedBy,
  component,
  flag,
  link,
  metaId,
  oneOf,
  ref,
  secret,
  seconds,
  strict,
  text,
  timestamp,
  upstream,
} from './field.ts';
import { pageOf, pageQuery, queryFlag, queryList } from './page.ts';
import { profile } from './profile.ts';

const LABELS_MAX = 32;
const INTERVAL_MIN = CHECK_INTERVAL_MS_MIN / 1000;
const INTERVAL_MAX = 86_400;
const INTERVAL = `must be a whole number of seconds from ${INTERVAL_MIN} to ${INTERVAL_MAX}`;
const LABEL_NAME = '[A-Za-z0-9][A-Za-z0-9._/-]{0,62}';
const LABEL_VALUE = '[^\\p{Cc}]{0,128}';
const KEY_RULE = 'a label has a name of 1 to 63 letters, digits, ".", "_", "/" or "-"';

export const labels = z
  .record(
    text(new RegExp(`^${LABEL_NAME}$`), KEY_RULE),
    text(
      new RegExp(`^${LABEL_VALUE}$`, 'u'),
      'must be text of at most 128 characters without control characters',
    ),
    {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? `is not a name for a label: ${KEY_RULE}`
          : 'must be an object of texts, such as {"team": "support"}',
    },
  )
  .refine((given) => Object.keys(given).length <= LABELS_MAX, {
    error: `must be at most ${LABELS_MAX} labels`,
  })
  .meta({ maxProperties: LABELS_MAX });

export const channel = component(
  'Channel',
  z.object({
    id: z.string(),
    name: z.string(),
    external_id: z.string().nullable(),
    display_number: z
      .string()
      .nullable()
      .meta({ description: 'As Meta writes it; null until its profile was read.' }),
    verified_name: z.string().nullable(),
    upstream,
    credential: link,
    node_id: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    check_interval_seconds: seconds.meta({ description: 'In force, its own or the default.' }),
    own_check_interval_seconds: seconds.nullable(),
    pace_seconds: seconds.meta({
      description:
        'How often it is read at present: its interval, stretched where a budget does not suffice, or ' +
        'slowed down where 360dialog throttles its key.',
    }),
    identity: z
      .object({
        phone_number_id: z.string().nullable(),
        waba_id: z.string().nullable(),
        business_id: z.string().nullable(),
        app_id: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Whom it is about; pinned by the first good read.' }),
    status: channelStatus,
    profile: profile.nullable().meta({ description: 'Null until it was read.' }),
    created_at: timestamp,
    updated_at: timestamp,
    paused_at: timestamp
      .nullable()
      .meta({ description: 'Since when nobody checks it, because somebody asked for that.' }),
    archived_at: timestamp.nullable(),
  }),
);

export const channelPage = component('ChannelPage', pageOf(channel));

const channelCredential = component(
  'ChannelCredential',
  z.union(
    [
      strict({ ref }).meta({ title: 'An existing credential' }),
      strict({ secret, billed_by: billedBy.default('unknown'), app: appRef }).meta({
        title: 'A new credential, named as the channel',
      }),
    ],
    {
      error:
        'must be {"ref": "<name or id of a credential>"} or {"secret": "<token or key>"}, ' +
        'the latter with "billed_by" and "app" where known',
    },
  ),
);

export const putChannel = component(
  'PutChannel',
  strict({
    upstream,
    credential: channelCredential,
    node_id: metaId
      .nullable()
      .default(null)
      .meta({ description: 'The Graph node of the number or WABA; null on dialog360.' }),
    external_id: text(
      /^[^\p{Cc}]{1,128}$/u,
      'must be text of 1 to 128 characters without control characters',
    )
      .nullable()
      .default(null)
      .meta({ description: 'The id of this channel in a system of yours; unique.' }),
    labels: labels.default({}),
    check_interval_seconds: z
      .int({ error: INTERVAL })
      .min(INTERVAL_MIN, { error: INTERVAL })
      .max(INTERVAL_MAX, { error: INTERVAL })
      .nullable()
      .default(null)
      .meta({ description: 'Null takes the default of the upstream.' }),
    adopt_key: z
      .boolean({ error: 'must be true or false' })
      .optional()
      .meta({ description: 'Only on dialog360, where it is the default: clients keep their key.' }),
    paused: z
      .boolean({ error: 'must be true or false' })
      .optional()
      .meta({ description: 'Whether it waits instead of being checked; left out, that stays.' }),
    check: flag(true).meta({
      description: 'Read a new channel once before it is stored; false stores it unread.',
    }),
  }),
);

export const moveChannel = component(
  'MoveChannel',
  strict({
    upstream,
    credential: channelCredential,
    node_id: metaId
      .nullable()
      .default(null)
      .meta({ description: 'The Graph node of the number or WABA; null on dialog360.' }),
    other_number: flag(false).meta({
      description: 'Whether it may be another number from now on; otherwise that is refused.',
    }),
  }),
);

export const movedChannel = component(
  'MovedChannel',
  z.object({
    channel,
    unused_credential: link
      .nullable()
      .meta({ description: 'The credential of before, when no channel uses it any more.' }),
  }),
);

export const listChannelsQuery = strict({
  ...pageQuery,
  label: queryList(
    text(
      new RegExp(`^${LABEL_NAME}=${LABEL_VALUE}$`, 'u'),
      'must be <name>=<value>, such as team=support',
    ),
    LABELS_MAX,
  ).meta({ description: 'Only channels with this label, as `name=value`; may be repeated.' }),
  credential: ref.optional().meta({ description: 'Only channels that use this credential.' }),
  status: oneOf(STATUSES)
    .optional()
    .meta({
      description:
        'Only channels of this messaging status, as their newest transition tells it. One that turned ' +
        'outdated since then is among them, and its `status` says UNKNOWN.',
    }),
  archived: queryFlag('Only those that were removed, instead of those that are watched.'),
});

export const removeChannelQuery = strict({
  purge: queryFlag('Erase it with its history, instead of keeping that until its retention ends.'),
});
