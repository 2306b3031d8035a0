/** An answer of the public route as bytes: one writer for both lanes, so that they cannot differ. */
import type { ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  /** Names and values in turn, in the order in which they are sent. */
  readonly headers: string[];
  /** The body with one character a byte: it is sent together with the headers, in one write. */
  readonly body: string;
}

export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, headers);
  response.end(body, 'latin1');
}

/** One character a byte, as `Reply` has it. */
export function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** `{"error": "<what happened, what to do>"}`, the contract's shape for whatever is no answer. */
export function errorReply(status: number, error: string, headers: readonly string[] = []): Reply {
  const body = bytesAsText(Buffer.from(JSON.stringify({ error })));
  return {
    status,
    headers: [
      'Content-Type',
      'application/json',
      'Content-Length',
      String(body.length),
      'Cache-Control',
      'no-store',
      ...headers,
    ],
    body,
  };
}

/** A good answer of our own, of ASCII characters. */
export function jsonReply(status: number, value: unknown): Reply {
  const body = JSON.stringify(value);
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  return { status, headers: [...headers, 'Cache-Control', 'no-store'], body };
}

/** Whole seconds, at least 1, as `Retry-After` wants them; none when the time is not known. */
export function retryAfter(ms: number | null): string[] {
  return ms === null ? [] : ['Retry-After', String(Math.max(1, Math.ceil(ms / 1000)))];
}
