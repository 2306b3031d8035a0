/** Whom we ask, as people call it. */
import type { UpstreamKind } from '#domain/billing.ts';

const NAMES: Readonly<Record<UpstreamKind, string>> = { graph: 'Meta', dialog360: '360dialog' };

const STATUS_PAGES: Readonly<Record<UpstreamKind, string>> = {
  graph: 'https://metastatus.com/whatsapp-business-api',
  dialog360: 'https://status.360dialog.com',
};

/** `Meta`, `360dialog`; `Meta` too where it is about no upstream, since all ends there. */
export function upstreamName(upstream: UpstreamKind | null): string {
  return NAMES[upstream ?? 'graph'];
}

/** Where it says itself that it is in trouble. */
export function statusPageOf(upstream: UpstreamKind | null): string {
  return STATUS_PAGES[upstream ?? 'graph'];
}
