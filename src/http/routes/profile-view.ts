/** A profile as the API shows it, with the messaging limit of its whole business. */
import type { Answer } from '#api/call.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import { EMPTY_PROFILE, isCoexistence } from '#domain/profile.ts';
import type { KnownProfile } from '#ports/profiles.ts';
import { UNKNOWN_PROFILE } from '#ports/profiles.ts';
import type { StoreView } from '#ports/store.ts';
import { timestampOrNull } from './handler.ts';
import { failureView } from './judgement-view.ts';

export type ProfileView = NonNullable<Answer<'getChannel'>['body']['profile']>;

/** The profiles of these channels; null for one that was never read. */
export async function profileViews(
  view: StoreView,
  channels: readonly Channel[],
): Promise<ReadonlyMap<ChannelId, ProfileView | null>> {
  const known = await view.profiles.ofChannels(channels.map(({ id }) => id));
  const businesses = channels.flatMap(({ identity }) => identity?.businessId ?? []);
  const portfolios = await view.profiles.portfolios([...new Set(businesses)]);
  return new Map(
    channels.map(({ id, identity }) => {
      const portfolio = portfolios.get(identity?.businessId ?? '');
      return [id, profileView(known.get(id) ?? UNKNOWN_PROFILE, portfolio?.messagingLimit)];
    }),
  );
}

function profileView(
  { profile: told, readAt, failure }: KnownProfile,
  limit: string | null | undefined,
): ProfileView | null {
  if (told === null && failure === null) return null;
  const profile = told ?? EMPTY_PROFILE;
  return {
    display_number: profile.displayNumber,
    verified_name: profile.verifiedName,
    name_status: profile.nameStatus,
    quality: profile.quality,
    messaging_limit: limit ?? profile.messagingLimit,
    status: profile.status,
    throughput: profile.throughput,
    account_mode: profile.accountMode,
    is_coexistence: isCoexistence(profile),
    platform_type: profile.platformType,
    webhook: {
      application: profile.webhook.application,
      waba: profile.webhook.waba,
      number: profile.webhook.number,
    },
    read_at: timestampOrNull(readAt),
    failure: failure && failureView(failure),
  };
}
