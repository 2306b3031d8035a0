/** Waiting for the thing itself: nothing sleeps, everything else goes on. */
import { setImmediate } from 'node:timers/promises';

/** Resolves as soon as it is so; whoever runs the tests gives up on what never is. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}
