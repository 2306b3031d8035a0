/** The same work for many things, a few at a time. */

/**
 * Runs `work` for each item, at most `width` at once, in their order. What one of them throws comes out
 * after all have ended, so that nothing goes on behind the caller's back. Once `closing` is aborted none
 * begins any more, and its reason is thrown.
 */
export async function inParallel<T>(
  items: readonly T[],
  { width, closing }: { readonly width: number; readonly closing?: AbortSignal | undefined },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lanes = Array.from({ length: Math.min(width, items.length) }, async () => {
    for (const item of waiting) {
      closing?.throwIfAborted();
      await work(item);
    }
  });
  const ended = await Promise.allSettled(lanes);
  const failed = ended.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
