/**
 * Label values that may come from outside: only what Meta documents passes, so that no text of anybody's
 * gets in and no upstream can make series without end.
 */
import { ENTITY_TYPES } from '#domain/entity.ts';

const CAUSE = new RegExp(`^(?:${ENTITY_TYPES.join('|')}|credential)/[0-9]{1,9}$`);

/** A cause such as `WABA/141006`; `other` for anything that Meta does not document in this form. */
export function causeLabel(cause: string | null): string {
  if (cause === null) return 'none';
  return CAUSE.test(cause) ? cause : 'other';
}
