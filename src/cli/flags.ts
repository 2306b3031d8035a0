/** Flags: how the option table becomes flags of a command, and how a command reads its own. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { flagLines } from '#config/document.ts';
import { durationMsOf } from '#config/duration.ts';
import type { Flags } from './connect.ts';
import { UsageError } from './usage-error.ts';

/** Gives the command every option of the table that this reader has. */
export function addTableFlags(command: Command, reader: 'server' | 'client'): void {
  for (const line of flagLines(reader)) {
    const flag = new Option(line.flags, line.description);
    // The parser takes every --no-… for the denial of another flag; --no-proxy names hosts.
    flag.negate = false;
    if (line.repeatable) flag.argParser(collected);
    command.addOption(flag);
  }
}

/** Collects a flag that may be given several times. */
export function collected(text: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? before.map(String) : []), text];
}

/** The text of a flag; undefined when it was not given. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

export function hasFlag(flags: Flags, name: string): boolean {
  return flags[name] === true;
}

/** A duration in ms; throws UsageError when it is none, or less than `min`. */
export function durationFlag(flags: Flags, name: string, min: number): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const ms = durationMsOf(text);
  if (ms !== null && ms >= min) return ms;
  const least = min === 0 ? '' : ` of at least ${min / 1000} s`;
  throw new UsageError(`--${name} must be a duration${least}, such as 30s or 5m.`);
}

/**
 * A moment as RFC 3339: given so, as a day (its midnight, UTC), or as a duration, which is so long ago.
 * Throws UsageError for anything else.
 */
export function momentFlag(flags: Flags, name: string, now: number): string | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const ago = durationMsOf(text);
  if (ago !== null) return new Date(Math.max(0, now - ago)).toISOString();
  const moment = momentOf(text);
  if (moment !== null) return moment;
  throw new UsageError(
    `--${name} must be a time in UTC such as 2026-11-24T02:47:00Z, a day, or how long ago: 30d.`,
  );
}

/** The same for a moment to come: a duration is so long from now. */
export function aheadFlag(flags: Flags, name: string, now: number): string | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const ahead = durationMsOf(text);
  if (ahead !== null) return new Date(now + Math.min(ahead, AHEAD_MS_MAX)).toISOString();
  const moment = momentOf(text);
  if (moment !== null) return moment;
  throw new UsageError(
    `--${name} must be a time in UTC such as 2026-11-24T02:47:00Z, a day, or how long from now: 2h.`,
  );
}

/** A year: whatever is longer is refused by whoever asked for it. */
const AHEAD_MS_MAX = 366 * 86_400_000;

/** RFC 3339 of a time or day in UTC; null for anything else. */
function momentOf(text: string): string | null {
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?$/;
  const ms = form.test(text) ? Date.parse(text) : Number.NaN;
  // A day that no month has is taken for one of the next month.
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10);
  return isReal ? new Date(ms).toISOString() : null;
}

/** One of these words, several times; throws UsageError for another. */
export function wordFlags<const T extends string>(
  flags: Flags,
  name: string,
  words: readonly T[],
): T[] {
  const given = flags[name];
  return (Array.isArray(given) ? given.map(String) : []).map((text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    throw new UsageError(`--${name} must be one of ${words.join(', ')}.`);
  });
}

/** A whole number from 1 to `max`; throws UsageError for anything else. */
export function countFlag(flags: Flags, name: string, max: number): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= max) return Number(text);
  throw new UsageError(`--${name} must be a whole number from 1 to ${max}.`);
}

/** `--label team=support`, several times; throws UsageError for one without `=`. */
export function labelFlags(flags: Flags): Readonly<Record<string, string>> {
  const given = flags['label'];
  const labels: Record<string, string> = {};
  for (const text of Array.isArray(given) ? given.map(String) : []) {
    const [name = '', ...rest] = text.split('=');
    if (name === '' || rest.length === 0) {
      throw new UsageError('--label must be <name>=<value>, such as team=support.');
    }
    labels[name] = rest.join('=');
  }
  return labels;
}
