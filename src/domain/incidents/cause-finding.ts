/** The finding behind a cause, as the error catalogue is asked about it: its weightiest code. */
import type { Finding } from '#domain/finding.ts';
import type { Incident } from './incident.ts';

/** Codes of errors are Meta's numbers; what begins otherwise is one of our names for its sentences. */
export function causeFinding({
  cause,
  capability,
  codes: [code = ''],
  detail,
}: Pick<Incident, 'cause' | 'capability' | 'codes' | 'detail'>): Finding {
  return {
    subject: { kind: 'entity', type: cause.type ?? '', id: cause.ref },
    kind: /^\d/.test(code) ? 'error' : 'info',
    code,
    capability: capability ?? 'messaging',
    text: detail,
    solution: null,
  };
}
