/** Who pays Meta for the conversations, as far as we know: it decides who can mend a payment error. */
export const BILLED_BY = ['meta', 'provider', 'unknown'] as const;
export type BilledBy = (typeof BILLED_BY)[number];

/** Whom we ask. */
export const UPSTREAM_KINDS = ['graph', 'dialog360'] as const;
export type UpstreamKind = (typeof UPSTREAM_KINDS)[number];
