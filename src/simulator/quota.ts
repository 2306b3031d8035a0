/**
 * Meta's call limits and the headers that tell how much of them is used (docs/meta.md §4.1, §4.2):
 * one bucket per (app, WABA) and one per app, each a fixed hour from its first call (§8.7).
 */
export interface QuotaSettings {
  /** Whether calls are counted and refused at all. */
  readonly on: boolean;
  /** Calls an hour for a WABA with a registered number, and for any other. */
  readonly perWaba: number;
  readonly perInactiveWaba: number;
  readonly perApp: number;
  /** Whether answers carry the usage headers (docs/meta.md §8.6). */
  readonly headers: boolean;
}

const DEFAULT_QUOTAS: QuotaSettings = {
  on: true,
  perWaba: 5_000,
  perInactiveWaba: 200,
  perApp: 1_000_000,
  headers: true,
};

interface Bucket {
  startedAt: number;
  calls: number;
  /** Forced by a scenario: exhausted until then, whatever was counted. */
  exhaustedUntil: number;
  /** The code that a forced exhaustion answers with: 80008 or 80007. */
  code: number;
}

export interface Usage {
  readonly percent: number;
  /** Minutes until it is given back; 0 when it is not exhausted. */
  readonly regainMinutes: number;
  readonly code: number;
}

const HOUR_MS = 3_600_000;
const NONE: Usage = { percent: 0, regainMinutes: 0, code: 0 };

export class Quotas {
  settings: QuotaSettings = DEFAULT_QUOTAS;
  readonly #apps = new Map<string, Bucket>();
  readonly #wabas = new Map<string, Map<string, Bucket>>();

  /** Counts one call of an app. */
  countApp(appId: string, now: number): Usage {
    return this.#count(this.#apps, appId, { limit: this.settings.perApp, now });
  }

  /** Counts one call of an app about a WABA; `active` decides which limit holds. */
  countWaba(appId: string, wabaId: string, about: { active: boolean; now: number }): Usage {
    const { perWaba, perInactiveWaba } = this.settings;
    const limit = about.active ? perWaba : perInactiveWaba;
    return this.#count(this.#bucketsOf(appId), wabaId, { limit, now: about.now });
  }

  /** Makes a bucket exhausted for some minutes; of an app (`wabaId` null) or of (app, WABA). */
  exhaust(appId: string, wabaId: string | null, about: { until: number; code: number }): void {
    const buckets = wabaId === null ? this.#apps : this.#bucketsOf(appId);
    const bucket = buckets.get(wabaId ?? appId) ?? { startedAt: 0, calls: 0 };
    buckets.set(wabaId ?? appId, { ...bucket, exhaustedUntil: about.until, code: about.code });
  }

  /** Forgets every count and every forced exhaustion. */
  clear(): void {
    this.#apps.clear();
    this.#wabas.clear();
  }

  #bucketsOf(appId: string): Map<string, Bucket> {
    const buckets = this.#wabas.get(appId) ?? new Map<string, Bucket>();
    this.#wabas.set(appId, buckets);
    return buckets;
  }

  #count(
    buckets: Map<string, Bucket>,
    id: string,
    { limit, now }: { limit: number; now: number },
  ): Usage {
    let bucket = buckets.get(id);
    if (bucket === undefined) {
      if (!this.settings.on) return NONE;
      bucket = { startedAt: now, calls: 0, exhaustedUntil: 0, code: 0 };
      buckets.set(id, bucket);
    }
    if (bucket.exhaustedUntil > now) {
      return {
        percent: 100,
        regainMinutes: minutes(bucket.exhaustedUntil - now),
        code: bucket.code,
      };
    }
    if (!this.settings.on) return NONE;
    if (now - bucket.startedAt >= HOUR_MS) Object.assign(bucket, { startedAt: now, calls: 0 });
    bucket.calls += 1;
    const exceeded = bucket.calls > limit;
    return {
      percent: exceeded ? 100 : Math.min(99, Math.floor((bucket.calls * 100) / limit)),
      regainMinutes: exceeded ? minutes(bucket.startedAt + HOUR_MS - now) : 0,
      code: 0,
    };
  }
}

/** `x-app-usage` (docs/meta.md §4.2). */
export function appUsageHeader({ percent }: Usage): string {
  return `{"call_count":${percent},"total_cputime":${percent},"total_time":${percent}}`;
}

/** One WABA's entry of `x-business-use-case-usage`, key and value (docs/meta.md §4.2). */
export function wabaUsageEntry(wabaId: string, { percent, regainMinutes }: Usage): string {
  return (
    `${JSON.stringify(wabaId)}:[{"type":"whatsapp_business_management","call_count":${percent},` +
    `"total_cputime":${percent},"total_time":${percent},` +
    `"estimated_time_to_regain_access":${regainMinutes}}]`
  );
}

function minutes(ms: number): number {
  return Math.ceil(ms / 60_000);
}
