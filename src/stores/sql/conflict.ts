/** From a unique index that refused a row to the sentence that names what is taken. */
import { Problem } from '#domain/problem.ts';
import { TakenError } from './engine.ts';

/** Runs a write; `sentences` says, by index name, what each refusal means. */
export async function refuseTaken<T>(
  sentences: Readonly<Record<string, string>>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const sentence = error instanceof TakenError ? sentences[error.index] : undefined;
    throw sentence === undefined ? error : new Problem('conflict', sentence, { cause: error });
  }
}
