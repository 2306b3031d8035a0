/** Evidence as a text that can be pasted into a support case. */
import type { Answer } from '#api/call.ts';
import { inertText } from '#domain/inert-text.ts';
import { factsText } from './facts.ts';
import { inert } from './inert.ts';
import { tableText } from './layout.ts';

export type Evidence = Answer<'getEvidence'>['body'];
type Member = Evidence['members'][number];

export function evidenceText(evidence: Evidence): string {
  const { incident, members, members_left_out: more, bodies, bodies_left_out: rest } = evidence;
  const { cause, numbers } = incident;
  const whole = factsText({
    'What says so': 'GET <node>?fields=health_status, or GET /health_status of 360dialog',
    Status: [incident.status, incident.capability].filter((part) => part !== null).join(', '),
    About: [cause.type ?? cause.kind, cause.id].filter((part) => part !== null).join(' '),
    Codes: incident.codes.join(', '),
    'In words': incident.detail,
    'First bad read': incident.began_at,
    'Last good read': incident.last_good_at,
    'Good again': incident.ended_at ?? 'not yet',
    Numbers: `${numbers.affected} now, ${numbers.ever} in all`,
    'Made at': evidence.made_at,
  });
  const parts = [
    `Evidence about incident ${incident.number}. All times are UTC.`,
    whole,
    ...members.map(memberText),
    more > 0 ? `${more} more numbers are not listed.` : '',
    bodies.length === 0 ? '' : 'The answers, as they were received:',
    ...bodies.map(({ hash, text }) => `SHA-256 ${hash}\n${inertBody(text)}`),
    rest > 0 ? `${rest} more answers are not listed.` : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function memberText(member: Member): string {
  const labels = Object.entries(member.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const facts = factsText({
    Number: member.display_number,
    'Phone number id': member.phone_number_id,
    WABA: member.waba_id,
    Business: member.business_id,
    App: member.app_id,
    'Known here as': member.channel,
    Labels: labels.join(', '),
    'First bad read': member.first_bad_at,
    Left: member.left_at === null ? null : `${member.left_at} (${member.left_reason ?? ''})`,
  });
  const rows = member.reads.map((read) => [
    `  ${inert(read.at)}`,
    inert([read.what, read.code].filter((part) => part !== null).join(' ')),
    inert(`${read.was ?? '–'} → ${read.is ?? '–'}`),
    `trace ${inert(read.trace_id ?? 'not known')}`,
    inert(read.version ?? ''),
    read.body_after === null ? '' : `body ${inert(read.body_after.slice(0, 12))}`,
  ]);
  return rows.length === 0 ? facts : `${facts}\n${tableText({ head: [], rows })}`;
}

/** The whole body, however long: its lines and their indentation stay, what acts on a terminal is made visible. */
function inertBody(text: string): string {
  return text
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${inertText(line)}`)
    .join('\n');
}
