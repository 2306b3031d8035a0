/**
 * How much of a quota is used, by Meta's usage headers (docs/meta.md §4.2). They come only after
 * enough calls, and new kinds come unannounced: whatever is not understood is left out.
 */
import { valueOfJson } from '#domain/json.ts';
import { headerOf } from '#upstreams/transport/reply.ts';
import type { ReplyHeaders } from '#upstreams/transport/reply.ts';
import type { Usage } from '#ports/upstream.ts';
import { fieldOf } from './meta-error.ts';

/** Meta promises at most 32 entries. */
const ENTRIES_MAX = 64;
const REGAIN_MS_MAX = 86_400_000;
const PERCENTAGES = ['call_count', 'total_time', 'total_cputime'] as const;
const NONE: readonly Usage[] = [];

/** Every use that the headers report; empty when they report none. Never throws. */
export function usageOf(headers: ReplyHeaders): readonly Usage[] {
  const ofApp = headerOf(headers, 'x-app-usage');
  const ofCases = headerOf(headers, 'x-business-use-case-usage');
  if (ofApp === null && ofCases === null) return NONE;
  const entries = [...appEntry(valueOf(ofApp)), ...caseEntries(valueOf(ofCases))];
  return entries.slice(0, ENTRIES_MAX);
}

/** The longest time until a quota opens again, in ms; null when none is exhausted. */
export function longestRegainMs(usage: readonly Usage[]): number | null {
  const longest = Math.max(0, ...usage.map(({ regainMs }) => regainMs));
  return longest === 0 ? null : longest;
}

function valueOf(header: string | null): unknown {
  return header === null ? undefined : valueOfJson(header);
}

function appEntry(value: unknown): Usage[] {
  return usageFrom(value, 'app', 'app');
}

/** `{"<id>": [{"type": …}, …]}`. */
function caseEntries(value: unknown): Usage[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .slice(0, ENTRIES_MAX)
    .flatMap(([scope, list]) =>
      (Array.isArray(list) ? list.slice(0, ENTRIES_MAX) : [list]).flatMap((entry: unknown) =>
        usageFrom(entry, scope, fieldOf(entry, 'type')),
      ),
    );
}

function usageFrom(entry: unknown, scope: string, type: unknown): Usage[] {
  const percentages = PERCENTAGES.map((name) => numberOf(fieldOf(entry, name)));
  const known = percentages.filter((percent) => percent !== null);
  const minutes = numberOf(fieldOf(entry, 'estimated_time_to_regain_access')) ?? 0;
  if (known.length === 0 && minutes === 0) return [];
  return [
    {
      scope: wordOf(scope),
      type: typeof type === 'string' ? wordOf(type) : '',
      percent: Math.max(0, ...known),
      regainMs: Math.min(minutes * 60_000, REGAIN_MS_MAX),
    },
  ];
}

/** A number of 0 or more, also written as a string. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}

/** Ids and types are foreign text that ends in logs and listings: only what such words consist of. */
function wordOf(text: string): string {
  return text.replaceAll(/[^\w.:-]/g, '').slice(0, 64);
}
