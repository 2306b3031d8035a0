/** An answer of the management API as a value, or as the ClientProblem that it is. */
import type { Operation } from '#api/operation.ts';
import { problem } from '#api/problem.ts';
import { ClientProblem } from './client-problem.ts';

const BODY_BYTES_MAX = 16 * 1024 * 1024;

export async function readAnswer(response: Response, operation: Operation) {
  const { status } = response;
  await refuseRedirect(response);
  const body = jsonOf(await textOf(response));
  if (!response.ok) throw problemOf(status, body);
  const schema = operation.responses[status];
  if (schema === undefined) throw unexpected(status, 'the status is not one of this operation');
  if (schema === null) return { status, body: undefined };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { status, body: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'body').slice(0, 5);
  throw unexpected(status, `this does not fit: ${where.join(', ')}; are the versions the same?`);
}

/** Throws the ClientProblem that an answer is which is no good one; it reads nothing of a good one. */
export async function refuseBad(response: Response): Promise<void> {
  await refuseRedirect(response);
  if (!response.ok) throw problemOf(response.status, jsonOf(await textOf(response)));
}

async function refuseRedirect({ status, body }: Response): Promise<void> {
  if (status < 300 || status >= 400) return;
  await body?.cancel();
  throw unexpected(status, 'it redirects, and a token is not sent elsewhere; give the final URL');
}

function problemOf(status: number, body: unknown): ClientProblem {
  const parsed = problem.safeParse(body);
  if (!parsed.success) return unexpected(status, 'the body is no problem document');
  const { type, detail, items } = parsed.data;
  const code = type.startsWith('urn:waba-health:problem:') ? type.slice(24) : 'unexpected_answer';
  return new ClientProblem(code, detail, { status, items: items ?? [] });
}

function unexpected(status: number, why: string): ClientProblem {
  const message = `The server answered ${status} in an unexpected way: ${why}.`;
  return new ClientProblem('unexpected_answer', message, { status });
}

/** The body's text, as long as it is within the limit. */
async function textOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let received = 0;
  for await (const chunk of response.body) {
    received += chunk.byteLength;
    if (received > BODY_BYTES_MAX) throw unexpected(response.status, 'the body is too large');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
