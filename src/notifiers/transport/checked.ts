/** What cannot be sent with is not sent with: settings may be older than the rules for them. */
import type { Notifier } from '#ports/notifier.ts';

/** The notifier, which says what is wrong with settings and secrets before it asks anybody. */
export function checked(notifier: Notifier): Notifier {
  return {
    ...notifier,
    async send(sending) {
      const [problem] = notifier.check(sending.receiver.settings, sending.secrets);
      return problem === undefined
        ? await notifier.send(sending)
        : { outcome: 'config', status: null, detail: problem };
    },
  };
}
