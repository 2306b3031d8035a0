/** The server that runs on a data directory of this machine, found by the files it leaves there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMIN_TOKEN_FILE, SERVER_FILE, serverFileOf } from '#config/data-dir.ts';
import { Problem } from '#domain/problem.ts';

/** Its address. Throws Problem `not_found` with the sentence how to start one. */
export async function localServerUrl(dataDir: string): Promise<string> {
  const text = await textOf(join(dataDir, SERVER_FILE));
  const said = text === null ? null : serverFileOf(text);
  if (said !== null) return said.url;
  throw new Problem(
    'not_found',
    `No server runs on ${dataDir}: start it with "waba-health serve", or name another one with ` +
      '--server <url> and --token-file <file>, or another directory with --data-dir.',
  );
}

/** The administrator's token handed over there. Throws Problem `unauthorized` when there is none. */
export async function localAdminToken(dataDir: string): Promise<string> {
  const file = join(dataDir, ADMIN_TOKEN_FILE);
  const token = (await textOf(file))?.trim() ?? '';
  if (token !== '') return token;
  throw new Problem(
    'unauthorized',
    `The administrator's token is not in ${file}: give it with --token-file <file> or in ` +
      'WABA_HEALTH_ADMIN_TOKEN. To get a new one, stop the server and run ' +
      '"waba-health db admin-token".',
  );
}

/** The text of a file; null when it is not there. Throws Problem when it may not be read. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const message = `${file} cannot be read (${String(code)}): run this as the user of the server.`;
    throw new Problem('unauthorized', message, { cause: error });
  }
}
