/** The id of a delivery as an argument. */
import { UsageError } from './usage-error.ts';

/** Throws UsageError for what is none. */
export function requireDeliveryId([id = '']: readonly string[]): void {
  if (/^dl_[0-9a-z]{26}$/.test(id)) return;
  throw new UsageError(
    'Give the id of the delivery (dl_…): "waba-health deliveries list" shows it.',
  );
}
