/** The files of the data directory that the server leaves for the commands on the same machine. */
import { z } from 'zod';

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
