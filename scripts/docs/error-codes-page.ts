/** `docs/error-codes.md`: the three catalogues of what can be wrong, and whose fault each is. */
import { PROBLEMS } from '#api/problem.ts';
import type { ProblemEntry } from '#api/problem.ts';
import type { CatalogueEntry, Narrowing } from '#domain/catalogue-entry.ts';
import { EFFECTS } from '#domain/effect.ts';
import { ERROR_CATALOGUE, PROVIDERS_APP } from '#domain/error-catalogue.ts';
import { FAILURE_CODES, isDefinitive } from '#domain/failure.ts';
import type { FailureCode } from '#domain/failure.ts';
import { code, generatedFrom, table } from './markdown.ts';

const SOURCES = 'src/domain/error-catalogue.ts, src/domain/failure.ts and src/api/problem.ts';

const HEAD = `
# What can be wrong

Three catalogues, because three things can be wrong: something about an account (*findings*, in Meta's
words and codes), the question to the upstream (*failures*), and a request to us (*problems*).

`;

const FINDINGS = `## Findings: what Meta says about an account

A finding is named by entity type and code, as in the header \`Waba-Health-Reason: WABA/141006\`. What it
stops is said with how sure that is: *documented* by Meta, *observed* on live accounts, *inferred* from the
status. What is not named keeps what the status of the entity says. Sources stand in
[meta.md](meta.md#2-error-codes-and-sentences). A code that is not here is shown in Meta's own words, with
the effects of its status.

`;

const FAILURES = `## Failures: why a check saw nothing

A failure never changes a status. A definitive one, confirmed by a second read, ends trust in the last
answer: the verdict becomes UNKNOWN at once, and no stored answer is served any more. Any other merely lets
it age.

`;

const PROBLEM_TEXT = `## Problems: what our own API could not do

Answers of \`/api/v1\` with \`Content-Type: application/problem+json\` (RFC 9457). \`type\` is
\`urn:waba-health:problem:<code>\`, \`detail\` says what happened and what to do, \`items\` names each wrong field.

`;

/** The page, complete. */
export function errorCodesPage(): string {
  return [
    generatedFrom(SOURCES),
    HEAD,
    FINDINGS,
    ERROR_CATALOGUE.map(findingSection).join('\n'),
    `\nBehind 360dialog, whatever is said about the APP entity: ${PROVIDERS_APP.remedy.text}\n\n`,
    FAILURES,
    table(['Code', 'Definitive', 'What it means'], FAILURE_CODES.map(failureRow)),
    `\n${PROBLEM_TEXT}`,
    table(['Code', 'Status', 'Title', 'What to do'], Object.entries(PROBLEMS).map(problemRow)),
  ].join('');
}

function findingSection(entry: CatalogueEntry): string {
  const { entityType, meaning, wording, usualStatus, capability } = entry;
  const title = `### ${entityType ?? 'any entity'}/${entry.code}\n\n${meaning}\n\n`;
  const said = wording === null ? [] : [['Meta says', wording]];
  const effects = EFFECTS.flatMap((name) => {
    const claim = entry.effects[name];
    return claim === undefined ? [] : [`${shown(name)}: ${claim.level} (${claim.certainty})`];
  });
  const rows = [
    ...said,
    ['Seen with', `${usualStatus}, about ${capability}`],
    ['Effects', effects.length === 0 ? 'as the status says' : effects.join('; ')],
    ['Who acts', shown(entry.actor)],
    ['What to do', remedyText(entry.remedy)],
    ...entry.narrowed.map((narrowing) => narrowedRow(narrowing, entry)),
  ];
  return title + table(['', ''], rows);
}

function narrowedRow({ when, actor, remedy }: Narrowing, entry: CatalogueEntry): string[] {
  const upstream = when.upstream === undefined ? [] : [`on ${when.upstream}`];
  const billed = when.billedBy === undefined ? [] : [`billed by ${when.billedBy}`];
  const who = actor === undefined ? '' : `${shown(actor)}: `;
  return [[...upstream, ...billed].join(', '), who + remedyText(remedy ?? entry.remedy)];
}

function remedyText({ text, link }: CatalogueEntry['remedy']): string {
  return link === null ? text : `${text} [Read on](${link})`;
}

function shown(word: string): string {
  return word.replaceAll('_', ' ');
}

const FAILURE_TEXTS: Readonly<Record<FailureCode, string>> = {
  credential_rejected: 'The token or key is expired, revoked or wrong. Give it a new secret.',
  not_found_or_forbidden:
    'The node does not exist, or the credential may not see it. Meta does not say which.',
  account_disabled: '360dialog has switched the channel off, or it is unpaid there.',
  rate_limited: 'Too many questions. We ask again when the upstream said, or ever later.',
  upstream_error: 'Meta or 360dialog has an error of its own.',
  unreachable: 'No connection: name, route, TLS, proxy, or it was cut off.',
  timeout: 'No whole answer within the limit of time.',
  malformed_answer:
    'A 200 that is no health answer: not JSON, too large, or without `health_status`.',
  identity_changed: 'The answer is about another number than the one that is watched.',
};

function failureRow(name: FailureCode): string[] {
  return [code(name), isDefinitive(name) ? 'yes' : '', FAILURE_TEXTS[name]];
}

function problemRow([name, { status, title, doc }]: [string, ProblemEntry]): string[] {
  return [code(name), String(status), title, doc];
}
