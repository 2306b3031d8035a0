/** Time zones of readers. */

/** Whether this names a time zone (IANA), as `Europe/Berlin`. Never throws. */
export function isZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
}
