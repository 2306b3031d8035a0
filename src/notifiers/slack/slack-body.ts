/**
 * A message in Slack's form. Slack reads `&`, `<` and `>` as its own everywhere, mentions such as `<!channel>` among
 * them, so they are escaped in all foreign text; `verbatim` keeps it from making names and addresses into links.
 */
import type { Message } from '#domain/telling/message.ts';
import { htmlSafe, tagSafe } from '#notifiers/transport/entities.ts';
import { fit, fitLines, jsonOf } from '#notifiers/transport/fit.ts';
import {
  linesOf,
  pageName,
  pageOf,
  plainText,
  titleOf,
} from '#notifiers/transport/message-text.ts';
import type { ShownLine } from '#notifiers/transport/message-text.ts';

const HEADER_MAX = 150;
const SECTION_MAX = 3_000;
/** Slack takes 50. */
const BLOCKS_MAX = 50;
/** More than about 13,000 characters in all are refused, which no document says. */
const TOTAL_MAX = 10_000;
const FALLBACK_MAX = 1_000;

export function slackBody(message: Message, isPlain: boolean): string {
  if (isPlain) return jsonOf({ text: fit(plainText(message, SECTION_MAX), SECTION_MAX, tagSafe) });
  const header = { type: 'plain_text', text: titleOf(message, HEADER_MAX, tagSafe), emoji: false };
  const page = pageOf(message);
  const sections = sectionsOf(linesOf(message).map(lineOf));
  const blocks = [
    { type: 'header', text: header },
    ...sections.map((text) => ({ type: 'section', text: markdown(text) })),
    ...(page === null
      ? []
      : [{ type: 'context', elements: [markdown(linkTo(page, pageName(message)))] }]),
  ];
  const text = titleOf(message, FALLBACK_MAX, tagSafe);
  return jsonOf({ text, blocks: blocks.slice(0, BLOCKS_MAX), unfurl_links: false });
}

function linkTo(href: string, text: string): string {
  return `<${htmlSafe(href)}|${text}>`;
}

function markdown(text: string) {
  return { type: 'mrkdwn', text, verbatim: true };
}

function lineOf({ label, text, link }: ShownLine): string {
  const said = fit(text, 1_500, tagSafe);
  const labelled = label === null ? said : `*${fit(label, 200, tagSafe)}:* ${said}`;
  return link === null ? labelled : `${labelled} → ${linkTo(link, 'open')}`;
}

/** The lines in as few sections as hold them, within what all of them together may have. */
function sectionsOf(lines: readonly string[]): readonly string[] {
  const sections: string[] = [];
  const kept = fitLines(lines, TOTAL_MAX - HEADER_MAX - 2 * FALLBACK_MAX, null);
  for (const line of kept === '' ? [] : kept.split('\n')) {
    const last = sections.at(-1);
    const joined = last === undefined ? line : `${last}\n${line}`;
    if (last !== undefined && joined.length <= SECTION_MAX) sections[sections.length - 1] = joined;
    else sections.push(line);
  }
  return sections;
}
