/** What a number is beside its health. */
import { z } from 'zod';
import { component, openWord, timestamp } from './field.ts';
import { failure } from './verdict.ts';

export const profile = component(
  'Profile',
  z.object({
    display_number: z.string().nullable(),
    verified_name: z.string().nullable(),
    name_status: openWord(['APPROVED', 'PENDING_REVIEW', 'DECLINED']).nullable(),
    quality: openWord(['GREEN', 'YELLOW', 'RED', 'NA', 'UNKNOWN']).nullable(),
    messaging_limit: openWord(['TIER_250', 'TIER_1K', 'TIER_10K', 'TIER_UNLIMITED'])
      .nullable()
      .meta({ description: 'One for all numbers of a business portfolio.' }),
    status: openWord(['CONNECTED', 'PENDING', 'BANNED', 'FLAGGED']).nullable(),
    throughput: openWord(['STANDARD', 'HIGH']).nullable(),
    account_mode: openWord(['LIVE', 'SANDBOX']).nullable(),
    is_coexistence: z.boolean().meta({
      description: 'Used in the WhatsApp Business app and through the Cloud API at once.',
    }),
    platform_type: openWord(['CLOUD_API', 'ON_PREMISE', 'NOT_APPLICABLE']).nullable(),
    webhook: z
      .object({
        application: z.string().nullable(),
        waba: z.string().nullable(),
        number: z.string().nullable(),
      })
      .meta({
        description:
          'Where Meta delivers webhooks; the last one that is set receives. Where the webhooks of 360dialog are ' +
          'watched, `number` is what is set there: the host and a fingerprint of the whole address, or `none`.',
      }),
    read_at: timestamp.nullable().meta({ description: 'When the last good read of it was.' }),
    failure: failure.nullable().meta({ description: 'Null when the newest read was a good one.' }),
  }),
);
