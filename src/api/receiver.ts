/** Receivers: where messages go. Their secrets go in and never come out. */
import { z } from 'zod';
import { RECEIVER_KINDS, URGENCIES } from '#domain/telling/receiver.ts';
import { component, name, oneOf, openWord, strict, text, timestamp } from './field.ts';
import { pageOf } from './page.ts';

const FIELDS_MAX = 32;
const FIELD_NAME = /^[a-z][a-z0-9_]{0,62}$/;
const FIELDS = 'must be an object of texts; /receiver-kinds names the fields of each kind';

/** Settings or secrets by the names that the kind gives them. */
function fieldsOf(value: z.ZodType<string, string>) {
  return z
    .record(text(FIELD_NAME, 'must be a name of small letters, digits and "_"'), value, {
      error: (issue) =>
        issue.code === 'invalid_key' ? 'is not a name of a field: small letters and "_"' : FIELDS,
    })
    .refine((given) => Object.keys(given).length <= FIELDS_MAX, {
      error: `must be at most ${FIELDS_MAX} fields`,
    })
    .meta({ maxProperties: FIELDS_MAX });
}

const setting = z
  .string({ error: 'must be text' })
  .max(16_384, { error: 'must be at most 16,384 characters' });
const receiverSecret = z
  .string({ error: 'must be text' })
  .min(1, { error: 'must not be empty' })
  .max(8_192, { error: 'must be at most 8,192 characters' });

export const receiverKinds = component(
  'ReceiverKinds',
  z.object({
    items: z.array(
      z.object({
        kind: openWord(RECEIVER_KINDS),
        fields: z.array(
          z.object({
            name: z.string(),
            what: z.string(),
            is_secret: z.boolean(),
            is_required: z.boolean(),
          }),
        ),
      }),
    ),
  }),
);

const receiverFields = z.object({
  id: z.string(),
  name: z.string(),
  kind: openWord(RECEIVER_KINDS),
  urgency: openWord(URGENCIES),
  settings: z.record(z.string(), z.string()),
  hint: z.string().meta({ description: 'By what a person recognises the target.' }),
  zone: z.string().nullable(),
  created_at: timestamp,
  updated_at: timestamp,
  broken_at: timestamp.nullable().meta({
    description: 'Since when it takes nothing, so that only trials are sent; null while it works.',
  }),
  failures_in_a_row: z.int(),
  held_until: timestamp
    .nullable()
    .meta({ description: 'Until when nothing is sent, because it asked for peace.' }),
});

export const receiver = component('Receiver', receiverFields);

export const receiverPut = component(
  'ReceiverPut',
  receiverFields.extend({
    made_secret: z.string().nullable().meta({
      description: 'The secret to sign with, shown this once, where none was given; else null.',
    }),
  }),
);

export const receiverPage = component('ReceiverPage', pageOf(receiver));

export const putReceiver = component(
  'PutReceiver',
  strict({
    kind: oneOf(RECEIVER_KINDS),
    urgency: oneOf(URGENCIES)
      .default('notify')
      .meta({ description: '`page` wakes somebody, `notify` can wait until morning.' }),
    zone: text(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, 'must be a time zone, such as Europe/Berlin')
      .nullable()
      .default(null)
      .meta({ description: 'Where its readers live: messages show their time beside UTC.' }),
    settings: fieldsOf(setting).default({}),
    secrets: fieldsOf(receiverSecret).optional().meta({
      description: 'All of them. Without it, those of a receiver that is there stay.',
      writeOnly: true,
    }),
  }),
);

export const rotateReceiver = component(
  'RotateReceiver',
  strict({
    field: text(FIELD_NAME, 'must be the name of a secret of this kind')
      .nullable()
      .default(null)
      .meta({ description: 'Which secret; null for the only one, or the one that signs.' }),
    secret: receiverSecret.nullable().default(null).meta({
      description: 'The new one; null makes one, which only a secret that signs can be.',
      writeOnly: true,
    }),
  }),
);

export const rotatedReceiver = component(
  'RotatedReceiver',
  z.object({
    receiver,
    field: z.string(),
    text: z.string().nullable().meta({
      description: 'The secret that was made, shown this once; null where one was given.',
    }),
    previous_until: timestamp.nullable().meta({
      description: 'Until when messages are signed with the old one too; null where it has ended.',
    }),
  }),
);

export const receiverName = strict({ ref: name });
