/** What is known of a channel or node, for a person: the verdicts first, then what to do, then the rest. */
import type { Answer } from '#api/call.ts';
import { EFFECTS } from '#domain/effect.ts';
import type { Style } from './style.ts';
import { namesText } from './channel-text.ts';
import { EFFECT_LABELS, actorText, certaintyText, unknownReasonText } from './health-words.ts';
import { inert } from './inert.ts';
import { labelled, tableText, wrapped } from './layout.ts';
import { ageText, momentText } from '#domain/moment-text.ts';

export type ChannelHealth = Answer<'getChannelHealth'>['body'];
export type NodeHealth = Answer<'checkNode'>['body'];
type Health = ChannelHealth | NodeHealth;
type Finding = Health['findings'][number];
type Verdict = Health['messaging'];

export interface HealthTextOptions {
  readonly style: Style;
  readonly width: number;
  /** ms UTC. */
  readonly now: number;
}

/** The whole text, without a line end at its end. */
export function healthText(health: Health, options: HealthTextOptions): string {
  const paragraphs = [
    `${titleText(health, options)}\n${verdictsText(health, options)}`,
    failureText(health, options),
    reasonText(health, options),
    effectsText(health, options),
    otherFindingsText(health, options),
    entitiesText(health, options),
    sourceText(health, options),
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

function titleText(health: Health, { style }: HealthTextOptions): string {
  const name = 'channel' in health ? health.channel.name : `node ${health.node_id ?? '(by key)'}`;
  const known = 'channel' in health ? namesText(health) : '';
  return `${style.bold(inert(name))}${known}: ${style.status(health.messaging.status)}`;
}

function verdictsText(health: Health, options: HealthTextOptions): string {
  const rows = [verdictRow('Messaging', health.messaging, options)];
  if (health.calling !== null) rows.push(verdictRow('Calling', health.calling, options));
  else rows.push(['  Calling', 'not reported', '']);
  const reported = health.reported === null ? 'nothing' : inert(health.reported);
  rows.push(['  Meta reports', reported, '']);
  return tableText({ head: [], rows, paint: statusPaint(options.style, 1) });
}

/** Where the notes beside a verdict begin: behind two columns of labels and statuses. */
const NOTES_COLUMN = 27;

function verdictRow(label: string, verdict: Verdict, { now, width }: HealthTextOptions): string[] {
  const notes: string[] = [];
  if (verdict.reason !== null) notes.push(unknownReasonText(verdict.reason));
  if (verdict.decided_by.length > 0) notes.push(`because of ${entitiesNamed(verdict.decided_by)}`);
  if (verdict.basis === 'reported') notes.push('as Meta reports it, no entity says so');
  if (verdict.since !== null) notes.push(sinceText(Date.parse(verdict.since), now));
  return [`  ${label}`, verdict.status, wrapped(notes.join(', '), width, NOTES_COLUMN)];
}

function sinceText(ms: number, now: number): string {
  return `since ${momentText(ms)} (${ageText(now - ms)})`;
}

function entitiesNamed(refs: Verdict['decided_by']): string {
  const named = refs.slice(0, 3).map((ref) => entityName(ref.type, ref.id));
  return refs.length > 3 ? `${named.join(', ')} and ${refs.length - 3} more` : named.join(', ');
}

function entityName(type: string, id: string | null): string {
  return inert(id === null ? type : `${type} ${id}`);
}

function failureText(health: Health, { now, width }: HealthTextOptions): string {
  const { failure } = health;
  if (failure === null) return '';
  const often =
    'in_a_row' in failure && failure.in_a_row > 1 ? `, ${failure.in_a_row} in a row` : '';
  const when = 'at' in failure ? ` ${ageText(now - Date.parse(failure.at))} ago` : '';
  const lines = [
    labelled('  Last read', `failed${when}${often}: ${inert(failure.code)}`, { width, column: 14 }),
    labelled('', inert(failure.detail), { width, column: 14 }),
  ];
  if ('last_known' in health && health.last_known !== null) {
    const { messaging, calling, age_seconds } = health.last_known;
    const calls = calling === null ? '' : `, calling ${calling}`;
    const known = `messaging ${messaging}${calls}, ${ageText(age_seconds * 1000)} ago`;
    lines.push(labelled('  Last known', known, { width, column: 14 }));
  }
  return lines.join('\n');
}

function reasonText(health: Health, options: HealthTextOptions): string {
  return health.reason === null ? '' : findingText('  Why', health.reason, options);
}

function findingText(label: string, finding: Finding, { width, style }: HealthTextOptions) {
  const at = { width, column: 14 };
  const lines = [
    labelled(label, `${inert(finding.meaning)} (${findingName(finding)})`, at),
    labelled('  Who acts', actorText(finding.actor), at),
    labelled('  Do', inert(finding.remedy.text), at),
  ];
  if (finding.remedy.link !== null) lines.push(labelled('', inert(finding.remedy.link), at));
  if (finding.text !== null) {
    lines.push(style.dim(labelled('  Meta says', inert(finding.text), at)));
  }
  return lines.join('\n');
}

function findingName(finding: Finding): string {
  const subject =
    finding.subject.kind === 'credential'
      ? 'credential'
      : entityName(finding.subject.type ?? 'entity', finding.subject.id);
  return `${subject}, ${inert(finding.code)}`;
}

function effectsText(health: Health, { style }: HealthTextOptions): string {
  const rows = EFFECTS.map((name) => {
    const { level, certainty } = health.effects[name];
    const sure = level === 'unknown' ? '' : certaintyText(certainty);
    return [`  ${EFFECT_LABELS[name]}`, level, sure];
  });
  const dim = (cell: string, column: number) => (column === 2 ? style.dim(cell) : cell);
  return tableText({ head: [], rows, paint: dim });
}

function otherFindingsText(health: Health, options: HealthTextOptions): string {
  const others = health.findings.filter((finding) => !isSame(finding, health.reason));
  return others
    .map((finding) => {
      const label = finding.capability === 'calling' ? '  Calling' : '  Also';
      return findingText(label, finding, options);
    })
    .join('\n\n');
}

function isSame(finding: Finding, other: Finding | null): boolean {
  if (other === null) return false;
  const { subject, kind, code } = finding;
  return (
    kind === other.kind &&
    code === other.code &&
    subject.kind === other.subject.kind &&
    subject.type === other.subject.type &&
    subject.id === other.subject.id
  );
}

function entitiesText(health: Health, { style }: HealthTextOptions): string {
  if (health.entities.length === 0) return '';
  const rows = health.entities.map((entity) => [
    `  ${inert(entity.type)}`,
    inert(entity.id ?? '–'),
    inert(entity.can_send_message ?? '–'),
    inert(entity.can_receive_call_sip ?? '–'),
  ]);
  const head = ['  Entity', 'Id', 'Messaging', 'Calling'];
  const paint = (cell: string, column: number) => (column >= 2 ? style.status(cell) : cell);
  return tableText({ head, rows, paint });
}

function sourceText(health: Health, { now, width, style }: HealthTextOptions): string {
  if (health.read_at === null) return style.dim('  Never read.');
  const read = Date.parse(health.read_at);
  const parts = [`read ${momentText(read, { seconds: true })} (${ageText(now - read)} ago)`];
  if ('served' in health && health.served !== null) {
    if (health.served.version !== null) parts.push(`served by ${inert(health.served.version)}`);
    if (health.served.trace_id !== null) parts.push(`trace ${inert(health.served.trace_id)}`);
  }
  return style.dim(`  ${wrapped(parts.join(', '), width, 2)}`);
}

function statusPaint(style: Style, statusColumn: number) {
  return (cell: string, column: number) => (column === statusColumn ? style.status(cell) : cell);
}
