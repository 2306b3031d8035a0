/**
 * A message as an adaptive card 1.2. Its texts are runs of rich text, which Teams does not read as Markdown, so that
 * a name with brackets or asterisks is only a name.
 */
import type { Severity } from '#domain/incidents/incident.ts';
import type { Message } from '#domain/telling/message.ts';
import { fitJson } from '#notifiers/transport/fit.ts';
import {
  linesOf,
  pageName,
  pageOf,
  plainText,
  titleOf,
} from '#notifiers/transport/message-text.ts';
import type { ShownLine } from '#notifiers/transport/message-text.ts';

/** Teams refuses more than 28 KB; the rest is for what Workflows wraps around it. */
const BODY_BYTES_MAX = 27_000;

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'Attention',
  error: 'Attention',
  warning: 'Warning',
  info: 'Default',
};

export function teamsBody(message: Message, isPlain: boolean): string {
  const lines = plainText(message, 3_000).split('\n');
  const plain = () =>
    wrapped(
      lines.map((line) => richText([run(line)])),
      [],
    );
  if (isPlain) return fitJson([plain], BODY_BYTES_MAX);
  const forms = [1_000, 500, 200].map((max) => () => fullCard(message, max));
  return fitJson([...forms, plain], BODY_BYTES_MAX);
}

function fullCard(message: Message, charactersMax: number): object {
  const colour = message.phase === 'ended' ? 'Good' : COLOURS[message.severity];
  const page = pageOf(message);
  const title = run(titleOf(message), { weight: 'Bolder', size: 'Medium', color: colour });
  const lines = linesOf(message, charactersMax).map((line) => richText(runsOf(line)));
  const open = { type: 'Action.OpenUrl', title: pageName(message), url: page };
  return wrapped([richText([title]), ...lines], page === null ? [] : [open]);
}

function runsOf({ label, text, link }: ShownLine): object[] {
  const url = link === null ? {} : { selectAction: { type: 'Action.OpenUrl', url: link } };
  const said = run(text, url);
  return label === null ? [said] : [run(`${label}: `, { weight: 'Bolder' }), said];
}

function run(text: string, style: object = {}): object {
  return { type: 'TextRun', text, ...style };
}

function richText(inlines: readonly object[]): object {
  return { type: 'RichTextBlock', inlines };
}

function wrapped(body: readonly object[], actions: readonly object[]): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body,
    actions,
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}
