/** Opens and ends early warnings, in the transaction that wrote what they rest on. */
import type { Channel } from '#domain/channel.ts';
import type { Finding } from '#domain/finding.ts';
import type { CredentialId } from '#domain/id.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import type { WarningChange } from '#domain/incidents/warnings.ts';
import { warningChanges } from '#domain/incidents/warnings.ts';
import type { Profile } from '#domain/profile.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';
import { raise, settleCause } from './standalone.ts';

type Means = Pick<Deps, 'ids' | 'clock' | 'randomness'>;

/** A profile that is another than before. */
export async function warnOfProfile(
  tx: StoreChange,
  deps: Means,
  about: { readonly channel: Channel; readonly was: Profile; readonly is: Profile },
): Promise<void> {
  const { channel, was, is } = about;
  const at = deps.clock.now();
  for (const change of warningChanges(was, is)) {
    const cause = causeOf(channel, change);
    if (change.is === 'well') {
      await settleCause(tx, deps, { cause, at });
      continue;
    }
    const { code, detail } = change;
    const { upstream, id } = channel;
    await raise(tx, deps, {
      cause,
      upstream,
      actor: change.field === 'webhook' ? 'integrator' : 'account_owner',
      codes: [code],
      detail,
      at,
      members: [id],
    });
  }
}

/** The limit is one for all numbers of a business portfolio: so is its warning. */
function causeOf({ id, identity }: Channel, { field }: WarningChange): Cause {
  const shared = field === 'messaging_limit' ? (identity?.businessId ?? id) : id;
  return { kind: 'warning', type: field, ref: shared };
}

/** What is to be told of a credential that lives: that it ends, or lacks a permission. */
const CREDENTIAL_WARNINGS = ['credential_expiring', 'scope_missing'] as const;

export async function warnOfCredential(
  tx: StoreChange,
  deps: Means,
  about: { readonly id: CredentialId; readonly findings: readonly Finding[] },
): Promise<void> {
  const at = deps.clock.now();
  for (const type of CREDENTIAL_WARNINGS) {
    const cause: Cause = { kind: 'warning', type, ref: about.id };
    const finding = about.findings.find(({ kind }) => kind === type);
    if (finding === undefined) {
      await settleCause(tx, deps, { cause, at });
      continue;
    }
    const { code, text } = finding;
    const detail =
      text ?? (type === 'scope_missing' ? `It lacks the permission ${code}.` : 'It ends soon.');
    await raise(tx, deps, { cause, actor: 'integrator', codes: [code], detail, at });
  }
}

/** A credential that is removed: nobody has to mend it any more. */
export async function forgetCredentialWarnings(
  tx: StoreChange,
  deps: Means,
  ref: CredentialId,
): Promise<void> {
  const at = deps.clock.now();
  for (const type of CREDENTIAL_WARNINGS) {
    await settleCause(tx, deps, { cause: { kind: 'warning', type, ref }, at, resolution: 'gone' });
  }
}
