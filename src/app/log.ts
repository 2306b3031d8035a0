/** The log: one JSON object a line on standard error, every line redacted before it is written. */
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Clock } from '#ports/clock.ts';
import { redacted } from './redact.ts';

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  readonly clock: Clock;
  /** Where lines go; standard error unless a test listens. */
  readonly destination?: DestinationStream;
}

export function createLog({ level, clock, destination }: LogOptions): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFields },
      hooks: { streamWrite: redacted },
    },
    // Synchronous, so that nothing is lost when the process is killed.
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

const CAUSES_MAX = 5;

/** An error as fields: never its own properties, which may hold a request with its headers. */
function errorFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause =
    error.cause === undefined || depth >= CAUSES_MAX
      ? {}
      : { cause: errorFields(error.cause, depth + 1) };
  return { name: error.name, ...code, message: error.message, stack: error.stack, ...cause };
}
