/** The scanning thread, but one that dies at a statement: run as a worker, it is that thread. */
import { isMainThread, parentPort } from 'node:worker_threads';

export const scannerThatDies = new URL(import.meta.url);

if (!isMainThread) {
  parentPort?.on('message', (message: unknown) => {
    if (JSON.stringify(message).includes("'die'")) throw new Error('killed by a test');
  });
  await import('#stores/sqlite/scan-worker.ts');
}
