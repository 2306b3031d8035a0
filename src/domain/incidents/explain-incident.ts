/** What an incident's codes mean, and what is to be done: Meta's from the catalogue, ours from here. */
import type { Actor } from '#domain/actor.ts';
import type { BilledBy } from '#domain/billing.ts';
import { explain } from '#domain/error-catalogue.ts';
import type { Explanation } from '#domain/explanation.ts';
import type { Finding } from '#domain/finding.ts';
import { FINDING_KINDS } from '#domain/finding.ts';
import type { CauseKind } from './cause.ts';
import type { Incident } from './incident.ts';

export interface ExplainedCode {
  readonly code: string;
  readonly explanation: Explanation;
}

type Explained = Pick<Incident, 'cause' | 'capability' | 'codes' | 'detail' | 'upstream' | 'actor'>;

/** The explanation of each code, in their order; of a cause without codes the one of its kind. */
export function explainIncident(incident: Explained, billedBy: BilledBy): readonly ExplainedCode[] {
  const { cause, codes } = incident;
  if (cause.kind !== 'entity' && codes.length === 0) {
    return [{ code: cause.kind, explanation: ofOurs(incident, cause.kind) }];
  }
  return codes.map((code) => ({ code, explanation: explanationOf(incident, code, billedBy) }));
}

function explanationOf(incident: Explained, code: string, billedBy: BilledBy): Explanation {
  const { cause, upstream } = incident;
  const context = { upstream: upstream ?? 'graph', billedBy };
  if (cause.kind === 'entity') {
    const asError = explain(findingOf(incident, code, 'error'), context);
    if (asError.known) return asError;
    const asInfo = explain(findingOf(incident, code, 'info'), context);
    return asInfo.known ? asInfo : asError;
  }
  const kind = CREDENTIAL_KINDS[code] ?? kindNamed(cause.type) ?? kindNamed(code);
  if (kind === null) return ofOurs(incident, cause.kind);
  return explain(findingOf(incident, code, kind), context);
}

/** A failure that says the same as what an inspection of the token would. */
const CREDENTIAL_KINDS: Readonly<Record<string, Finding['kind']>> = {
  credential_rejected: 'credential_dead',
};

function kindNamed(name: string | null): Finding['kind'] | null {
  return FINDING_KINDS.find((kind) => kind === name) ?? null;
}

/** Meta's sentence is kept of the first code alone. */
function findingOf(
  { cause: { type, ref }, capability, codes, detail }: Explained,
  code: string,
  kind: Finding['kind'],
): Finding {
  return {
    subject: { kind: 'entity', type: type ?? '', id: ref },
    kind,
    code,
    capability: capability ?? 'messaging',
    text: code === codes[0] ? detail : null,
    solution: null,
  };
}

const OURS: Readonly<Record<CauseKind, { readonly meaning: string; readonly todo: string }>> = {
  entity: {
    meaning: 'Meta reports it without a code.',
    todo: "Look at what Meta's health status page says about it.",
  },
  credential: {
    meaning: 'The upstream does not take the credential, so that nothing can be read with it.',
    todo: 'Give the credential a new secret: waba-health credentials rotate <name>.',
  },
  unreadable: {
    meaning: 'The credential can no longer read these numbers. Sending may be fine.',
    todo: 'Give the credential access to the account again, or move the channels to another one.',
  },
  upstream: {
    meaning: 'The upstream fails as a whole, so that nothing can be seen. Sending may be fine.',
    todo: "Look at the upstream's own status page, and wait: it is asked again by itself.",
  },
  fleet: {
    meaning:
      'Many causes appeared within minutes, which seldom have nothing to do with each other.',
    todo: "Look for what they have in common, and at Meta's own status page.",
  },
  server: {
    meaning: 'This server reaches nothing, so that nothing can be seen. Sending may be fine.',
    todo: 'Look at its network, its proxy and its name resolution.',
  },
  sends: {
    meaning: 'Sends fail with errors of the account although Meta reports that it can send.',
    todo: 'Look at what the sends answer, and show it to the support of Meta or of the provider.',
  },
  warning: {
    meaning: 'It is no trouble yet, and may become some.',
    todo: "Look at the number in Meta's WhatsApp Manager.",
  },
  receiver: {
    meaning: 'The receiver takes no messages, so that nobody is told through it.',
    todo: 'Mend it, and try it: waba-health receivers test <name>.',
  },
};

function ofOurs({ actor }: { readonly actor: Actor }, kind: CauseKind): Explanation {
  const { meaning, todo } = OURS[kind];
  return {
    meaning,
    reason: meaning,
    effects: {},
    actor,
    remedy: { text: todo, link: null },
    known: true,
  };
}
