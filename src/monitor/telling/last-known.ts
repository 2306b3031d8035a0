/** What was last known of the numbers that an incident keeps us from seeing, and how many these are. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { CredentialId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Status } from '#domain/status.ts';
import { verdictsOf } from '#domain/verdict.ts';
import type { ChannelRow, StoreView } from '#ports/store.ts';
import { eachPage } from './each-page.ts';
import { carries } from './members-told.ts';
import type { Labels } from './members-told.ts';

/** Channels that are looked at, 10,000: of more nothing is told, rather than half. */
const PAGES_MAX = 20;

export type StatusCounts = Readonly<Record<Status, number>>;

/** Null where it keeps nobody from seeing, or where these are too many to look at. */
export async function lastKnownOf(
  view: StoreView,
  incident: Incident,
  labels: Labels | null,
): Promise<StatusCounts | null> {
  const unseen = unseenBy(incident);
  if (unseen === null) return null;
  const counts: Record<Status, number> = { AVAILABLE: 0, UNKNOWN: 0, LIMITED: 0, BLOCKED: 0 };
  const { credentialId } = unseen;
  const filter = credentialId === null ? {} : { credentialId };
  const isAll = await eachPage(
    (page) => view.channels.list(page, filter),
    PAGES_MAX,
    (items) => {
      for (const row of items) {
        if (isCounted(row, labels) && unseen.has(row)) counts[lastStatus(row)] += 1;
      }
    },
  );
  return isAll ? counts : null;
}

interface Unseen {
  readonly credentialId: CredentialId | null;
  has(row: ChannelRow): boolean;
}

/** Which channels it is that cannot be seen. */
function unseenBy({ cause: { kind, ref }, upstream, beganAt }: Incident): Unseen | null {
  if (kind === 'upstream') {
    return { credentialId: null, has: (row) => isUnread(row, { upstream, since: beganAt }) };
  }
  if (kind === 'server') {
    return { credentialId: null, has: (row) => isUnread(row, { upstream: null, since: beganAt }) };
  }
  if (kind !== 'credential' && kind !== 'unreadable') return null;
  const [credentialId = '', node = null] = (ref ?? '').split('/');
  if (!isCredentialId(credentialId)) return null;
  const has = ({ channel: { id, identity } }: ChannelRow) =>
    node === null || (identity?.wabaId ?? id) === node;
  return { credentialId, has };
}

function isCredentialId(text: string): text is CredentialId {
  return text.startsWith('cr_');
}

function isCounted({ channel }: ChannelRow, labels: Labels | null): boolean {
  return channel.pausedAt === null && (labels === null || carries(channel.labels, labels));
}

function isUnread(
  { channel, state }: ChannelRow,
  about: { readonly upstream: UpstreamKind | null; readonly since: number },
): boolean {
  const isIts = about.upstream === null || channel.upstream === about.upstream;
  return isIts && (state.good === null || state.good.readAt < about.since);
}

function lastStatus({ state: { good } }: ChannelRow): Status {
  return good === null ? 'UNKNOWN' : verdictsOf(good.report).messaging.status;
}
