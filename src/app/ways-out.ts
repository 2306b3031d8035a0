/** What stands between this server and whom it reaches. */
import type { ServerOptions } from '#config/options.ts';

export function waysOut({
  proxy,
  noProxy,
  caFile,
}: Pick<ServerOptions, 'proxy' | 'noProxy' | 'caFile'>) {
  const extraCa = caFile.map((file) => new TextDecoder().decode(file.bytes));
  return { proxy, noProxy, extraCa };
}
