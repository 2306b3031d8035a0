/** The headers of a Graph answer, and the metering behind two of them (docs/meta.md §4.2). */
import type { Token } from './credentials.ts';
import type { GraphError } from './graph-error.ts';
import { APP_THROTTLED, wabaThrottled } from './graph-error.ts';
import type { Usage } from './quota.ts';
import { appUsageHeader, wabaUsageEntry } from './quota.ts';
import { JSON_TYPE } from './reply.ts';
import type { SimulatorState } from './state.ts';

export interface Metering {
  /** The error that a throttled call is answered with; null while there is quota left. */
  readonly refusal: GraphError | null;
  /** Header values; null where the header is not sent. */
  readonly appUsage: string | null;
  readonly wabaUsage: string | null;
}

/** Counts one call against its app, and its WABA where it is about one (docs/meta.md §4.1). */
export function meter(state: SimulatorState, token: Token, wabaId: string | null): Metering {
  const { quotas, clock } = state;
  const now = clock.now();
  const app = quotas.countApp(token.appId, now);
  const active = wabaId !== null && state.world.isActive(wabaId);
  const waba = wabaId === null ? null : quotas.countWaba(token.appId, wabaId, { active, now });
  const shown = quotas.settings.headers;
  return {
    refusal: refusalOf(app, waba),
    appUsage: shown ? appUsageHeader(app) : null,
    wabaUsage: shown && wabaId !== null && waba ? wabaUsageEntry(wabaId, waba) : null,
  };
}

function refusalOf(app: Usage, waba: Usage | null): GraphError | null {
  if (app.percent >= 100) return APP_THROTTLED;
  return waba && waba.percent >= 100 ? wabaThrottled(waba.code || 80_008) : null;
}

/** Sent with every answer; docs/meta.md §4.2. */
const CONSTANT = [
  ...JSON_TYPE,
  'cache-control',
  'private, no-cache, no-store, must-revalidate',
  'expires',
  'Sat, 01 Jan 2000 00:00:00 GMT',
  'x-fb-rev',
  '1030000000',
];

export function graphHeaders(about: {
  version: string | null;
  traceId: string;
  metering: Pick<Metering, 'appUsage' | 'wabaUsage'> | null;
}): readonly string[] {
  const { version, traceId, metering } = about;
  const headers = [...CONSTANT, 'x-fb-trace-id', traceId, 'x-fb-request-id', traceId];
  if (version !== null) headers.push('facebook-api-version', version);
  if (metering?.appUsage) headers.push('x-app-usage', metering.appUsage);
  if (metering?.wabaUsage) headers.push('x-business-use-case-usage', `{${metering.wabaUsage}}`);
  return headers;
}
