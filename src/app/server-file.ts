/** `server.json`: how the commands on this machine find the server that runs on a data directory. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_FILE, serverFileOf } from '#config/data-dir.ts';
import type { ServerFile } from '#config/data-dir.ts';
import { readOwnFile, writeOwnFile } from './own-file.ts';

export async function writeServerFile(dataDir: string, said: ServerFile): Promise<void> {
  await writeOwnFile(join(dataDir, SERVER_FILE), `${JSON.stringify(said)}\n`);
}

/** Removes the file, if it is the one of this process. */
export async function removeServerFile(dataDir: string, pid: number): Promise<void> {
  const file = join(dataDir, SERVER_FILE);
  const text = await readOwnFile(file);
  if (text !== null && serverFileOf(text)?.pid === pid) await rm(file, { force: true });
}
