/** What a number is beside its health, for a person. */
import type { Answer } from '#api/call.ts';
import { factsText } from './facts.ts';
import { inert } from './inert.ts';

type Profile = Answer<'getChannel'>['body']['profile'];

export function profileText(profile: Profile): string {
  if (profile === null) return '  Its profile was not read yet.';
  const { webhook, failure } = profile;
  const receiver = webhook.number ?? webhook.waba ?? webhook.application;
  const facts = factsText({
    'Display number': profile.display_number,
    'Verified name': profile.verified_name,
    'Name status': profile.name_status,
    Quality: profile.quality,
    'Messaging limit': profile.messaging_limit,
    Status: profile.status,
    Throughput: profile.throughput,
    'Account mode': profile.account_mode,
    Platform: profile.platform_type,
    Coexistence: profile.is_coexistence ? 'in the WhatsApp Business app too' : null,
    Webhooks: receiver,
    'Profile of': profile.read_at,
  });
  const failed = failure === null ? '' : `  Its last read failed: ${inert(failure.detail)}`;
  return [facts, failed].filter((part) => part !== '').join('\n');
}
