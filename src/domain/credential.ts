/** What lets us ask: a Graph token of an app, or a 360dialog key. The secret itself stays in the store. */
import type { BilledBy, UpstreamKind } from './billing.ts';
import type { AppId, CredentialId } from './id.ts';

export interface Credential {
  readonly id: CredentialId;
  readonly name: string;
  readonly upstream: UpstreamKind;
  /** The app of a Graph token, where known; always null on dialog360. */
  readonly appId: AppId | null;
  readonly billedBy: BilledBy;
  /** The secret's last four characters, by which a person recognises it. */
  readonly secretHint: string;
  readonly createdAt: number;
  /** When the secret was last replaced; equal to `createdAt` at first. */
  readonly rotatedAt: number;
}
