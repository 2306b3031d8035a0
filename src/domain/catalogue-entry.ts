/** The form of an entry of the error catalogue: data that `explain` looks up and docs/error-codes.md prints. */
import type { BilledBy, UpstreamKind } from './billing.ts';
import type { Certainty, EffectClaim, EffectLevel, EffectName } from './effect.ts';
import type { Capability } from './entity.ts';
import type { Actor, Remedy } from './actor.ts';
import type { Status } from './status.ts';

/** What changes in one situation; what is left out stays as the entry has it. */
export interface Narrowing {
  readonly when: { readonly upstream?: UpstreamKind; readonly billedBy?: BilledBy };
  readonly actor?: Actor;
  readonly remedy?: Remedy;
}

export interface CatalogueEntry {
  /** The entity type it is said about; null: about any. */
  readonly entityType: string | null;
  readonly kind: 'error' | 'info';
  /** As in `Finding.code`: Meta's code, `131000:<word>`, an info's slug, or a band (`138000-138999`). */
  readonly code: string;
  readonly capability: Capability;
  /** The status of the entity beside which it is normally seen. */
  readonly usualStatus: Status;
  /** How Meta words it; null where no wording was captured. */
  readonly wording: string | null;
  readonly meaning: string;
  /** The reason alone, for a text that tells the effects beside it; without it the meaning serves. */
  readonly reason?: string;
  /** Only what it changes; an effect that is not named keeps what the status says. */
  readonly effects: Readonly<Partial<Record<EffectName, EffectClaim>>>;
  readonly actor: Actor;
  readonly remedy: Remedy;
  /** The first that fits the situation applies. */
  readonly narrowed: readonly Narrowing[];
}

/** A claim, written short: `claim('no', 'observed')`. */
export function claim(level: EffectLevel, certainty: Certainty): EffectClaim {
  return { level, certainty };
}

/** Pages that several remedies name. */
export const LINKS = {
  healthStatus:
    'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status',
  billing: 'https://www.facebook.com/business/help/2225184664363779',
  accountQuality: 'https://business.facebook.com/accountquality',
  sip: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/sip',
  callingTroubleshooting:
    'https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/troubleshooting',
  displayName: 'https://www.facebook.com/business/help/757569725593362',
  templates: 'https://business.facebook.com/wa/manage/message-templates/',
  support360: 'https://docs.360dialog.com/docs/support/get-support',
  api360: 'https://docs.360dialog.com/docs/messaging-api',
} as const;
