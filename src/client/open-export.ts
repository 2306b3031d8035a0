/** The export of transitions: bytes as they come, however many they are. */
import { EXPORT_OPERATION } from '#api/export-operation.ts';
import type { ExportQuery } from '#api/export-operation.ts';
import { asClientProblem, urlBelow } from './create-client.ts';
import type { ClientOptions } from './create-client.ts';
import { ClientProblem } from './client-problem.ts';
import { refuseBad } from './read-answer.ts';

/**
 * Begins an export. Rejects with a ClientProblem where it cannot begin, and throws one while it is read
 * when it breaks off, or when nothing comes for `timeoutMs`.
 */
export async function openExport(
  options: ClientOptions,
  query: ExportQuery,
): Promise<AsyncIterable<Uint8Array>> {
  const silence = watchSilence(options.timeoutMs);
  try {
    const response = await fetch(urlBelow(options.baseUrl, EXPORT_OPERATION.path, query), {
      headers: { authorization: `Bearer ${options.token}` },
      redirect: 'manual',
      signal: silence.signal,
    });
    await refuseBad(response);
    return chunksOf(response, silence);
  } catch (error) {
    silence.end();
    throw asClientProblem(error, options);
  }
}

async function* chunksOf(response: Response, silence: Silence): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) {
      // Whoever takes the chunk may take its time: only the server's silence counts.
      silence.pause();
      yield chunk;
      silence.restart();
    }
  } catch (cause) {
    const message = 'The export broke off: what came is not all of it. Ask again.';
    throw new ClientProblem('broken_off', message, { cause });
  } finally {
    silence.end();
  }
}

interface Silence {
  readonly signal: AbortSignal;
  pause(): void;
  restart(): void;
  end(): void;
}

function watchSilence(ms: number): Silence {
  const controller = new AbortController();
  const give = () => controller.abort(new DOMException('No data came.', 'TimeoutError'));
  let timer = setTimeout(give, ms);
  return {
    signal: controller.signal,
    pause: () => clearTimeout(timer),
    restart() {
      timer = setTimeout(give, ms);
    },
    end: () => clearTimeout(timer),
  };
}
