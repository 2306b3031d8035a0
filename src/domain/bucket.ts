/**
 * Whom an upstream counts by (docs/meta.md §4.1): an app and a WABA on Graph, once a good read has named
 * them; until then, and on dialog360, the credential.
 */
import type { Channel } from './channel.ts';

/** The name of the budget that pays for a channel's reads. */
export function bucketOf({
  upstream,
  credentialId,
  identity,
}: Pick<Channel, 'upstream' | 'credentialId' | 'identity'>): string {
  const { appId, wabaId } = identity ?? { appId: null, wabaId: null };
  if (upstream !== 'graph' || wabaId === null) return `credential:${credentialId}`;
  return `waba:${appId ?? 'unknown'}/${wabaId}`;
}
