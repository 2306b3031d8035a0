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
