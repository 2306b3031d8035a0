/** The data directory: where it is, and the files that the server leaves there for the commands on the same machine. */
import { z } from 'zod';
import type { Environment } from './option.ts';

/** The administrator's token in clear, readable by its owner only; the store keeps its hash. */
export const ADMIN_TOKEN_FILE = 'admin.token';
/** Where the running server is; removed when it stops. */
export const SERVER_FILE = 'server.json';

const serverFile = z.object({
  url: z.url({ protocol: /^https?$/ }),
  pid: z.int().positive(),
  version: z.string(),
  started_at: z.iso.datetime(),
});

export type ServerFile = z.infer<typeof serverFile>;

/** What a `server.json` says; null when it is not one of ours. */
export function serverFileOf(text: string): ServerFile | null {
  try {
    return serverFile.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** `$XDG_DATA_HOME/waba-health`, or what comes nearest to it on this system. */
export function dataDirOf(env: Environment): string | null {
  // The XDG specification says that a relative path there is invalid and to be ignored.
  if (env['XDG_DATA_HOME']?.startsWith('/')) return `${env['XDG_DATA_HOME']}/waba-health`;
  if (env['LOCALAPPDATA']) return `${env['LOCALAPPDATA']}\\waba-health`;
  if (env['HOME']) return `${env['HOME']}/.local/share/waba-health`;
  return null;
}
