/**
 * Our own ids: `<prefix>_` and 26 characters of base32 over a UUIDv7, so that they sort by creation.
 *
 * A name never contains `_` and an id always does, so one parameter can take either.
 */
const ID_PREFIXES = [
  'app',
  'cr',
  'ch',
  'key',
  'inst',
  'tr',
  'inc',
  'rcv',
  'rule',
  'sil',
  'dl',
  'sig',
] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`;
export type AppId = Id<'app'>;
export type CredentialId = Id<'cr'>;
export type ChannelId = Id<'ch'>;
export type ApiKeyId = Id<'key'>;
export type TransitionId = Id<'tr'>;
export type IncidentId = Id<'inc'>;
export type ReceiverId = Id<'rcv'>;
export type RuleId = Id<'rule'>;
export type SilenceId = Id<'sil'>;
export type DeliveryId = Id<'dl'>;
export type SignalId = Id<'sig'>;

/** The form of a name of an app, credential or channel: also fit for a URL and a file name. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Whether `text` has the form of an id with this prefix. Says nothing about its existence. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && /^[a-z]+_[0-9a-z]{26}$/.test(text);
}
