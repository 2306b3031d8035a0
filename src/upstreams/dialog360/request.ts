/** How a question to 360dialog looks: its path, query and headers (docs/dialog360.md §1). */
import type { Secret } from '#domain/secret.ts';

export const HEALTH_PATH = '/health_status';

/**
 * 360dialog puts `health_status` before the fields itself (docs/dialog360.md §1), and Graph refuses a
 * field that is named twice: so it is left out here.
 */
export function queryFor(fields: readonly string[]): string {
  const names = fields.filter((name) => name !== 'health_status').map(encodeURIComponent);
  return names.length === 0 ? '' : `?fields=${names.join(',')}`;
}

export function headersFor(key: Secret): string[] {
  return [
    'D360-API-KEY',
    key.reveal(),
    'accept',
    'application/json',
    'accept-encoding',
    'identity',
    'user-agent',
    'waba-health',
  ];
}
