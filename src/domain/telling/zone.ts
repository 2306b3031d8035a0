/** Time zones of readers. */

/** Whether this names a time zone (IANA), as `Europe/Berlin`. Never throws. */
export function isZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
