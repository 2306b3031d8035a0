/** The ready-made `curl` of the public route. */

/**
 * One line for a POSIX shell. `key` goes into double quotes as it is: the key itself, or an expression
 * that the shell replaces, such as `$(cat key)`.
 */
export function curlText(serverUrl: string, key: string): string {
  return `curl -s -H "D360-API-KEY: ${key}" ${serverUrl}/health_status`;
}
