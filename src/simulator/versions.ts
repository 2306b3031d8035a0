/** Graph versions: which are live, and which one serves a call (docs/meta.md §6.1). */

/** As of late 2026, oldest first. */
export const LIVE_VERSIONS: readonly string[] = [
  'v21.0',
  'v22.0',
  'v23.0',
  'v24.0',
  'v25.0',
  'v26.0',
];

const PATTERN = /^v(\d+)\.(\d+)$/;

export function isVersion(text: string): boolean {
  return PATTERN.test(text);
}

/**
 * The version that serves a call made to `asked` (null: a path without one). An expired one is served
 * silently by the oldest live one; null for a version that never was (docs/meta.md §8.5).
 */
export function servingVersion(asked: string | null, live: readonly string[]): string | null {
  const [oldest, newest] = [live[0], live.at(-1)];
  if (oldest === undefined || newest === undefined) return null;
  if (asked === null) return newest;
  if (live.includes(asked)) return asked;
  return orderOf(asked) < orderOf(oldest) ? oldest : null;
}

function orderOf(version: string): number {
  const [, major, minor] = PATTERN.exec(version) ?? [];
  return Number(major) * 1000 + Number(minor);
}
