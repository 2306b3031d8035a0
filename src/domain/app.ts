/** A Meta app: its tokens are bound to it, and its secret proves that a call comes from us. */
import type { AppId } from './id.ts';

export interface App {
  readonly id: AppId;
  readonly name: string;
  /** Meta's id of the app. */
  readonly metaAppId: string;
  /** Whether it is ours; behind a provider the app is the provider's. */
  readonly ours: boolean;
  readonly hasSecret: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}
