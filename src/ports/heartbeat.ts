/** A sign of life for somebody outside, who tells people when it stays away: a dead man's switch. */
export interface Heartbeat {
  /**
   * Sends it once. Null when it was taken, else why not, in a sentence that holds nothing of the address but its
   * host. Never rejects; ends within 15 s, or soon after `signal` is aborted.
   */
  ping(signal: AbortSignal): Promise<string | null>;
}
