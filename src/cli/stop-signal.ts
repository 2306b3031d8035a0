/** Stopping by signal: the first one asks, a second one ends the process at once. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * A Ctrl-C under npm reaches the process twice, from the terminal and from npm: only a signal that
 * comes later than this is a second wish.
 */
const SAME_WISH_MS = 500;

/** Resolves when the process is asked to stop; from then on the system's own rule is in force again. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const restore = () => SIGNALS.forEach((name) => process.off(name, listener));
  const listener = (signal: NodeJS.Signals) => {
    resolve(signal);
    setTimeout(restore, SAME_WISH_MS).unref();
  };
  for (const name of SIGNALS) process.on(name, listener);
  return promise;
}
