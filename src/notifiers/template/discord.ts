/** The preset for Discord: an embed, and nobody mentioned whatever the texts say. */
import type { Severity } from '#domain/incidents/incident.ts';
import type { Message } from '#domain/telling/message.ts';
import { fit, fitLines, jsonOf } from '#notifiers/transport/fit.ts';
import { linesOf, pageName, pageOf, titleOf } from '#notifiers/transport/message-text.ts';
import type { Reading } from '#notifiers/transport/send-result.ts';

const CONTENT_MAX = 2_000;
const TITLE_MAX = 256;
const DESCRIPTION_MAX = 4_096;

const RED = 0xd92d20;
const AMBER = 0xdc9a00;
const GREEN = 0x2e9e4f;
const GREY = 0x7a828c;
const COLOURS: Readonly<Record<Severity, number>> = {
  critical: RED,
  error: RED,
  warning: AMBER,
  info: GREY,
};

export function discordBody(message: Message, isPlain: boolean): string {
  const page = pageOf(message);
  const nobody = { allowed_mentions: { parse: [] } };
  if (isPlain) {
    const plain = linesOf(message, 500).map(({ label, text, link }) => {
      const said = fit(label === null ? text : `${label}: ${text}`, 600, escaped);
      return link === null ? said : `${said} → ${link}`;
    });
    const title = titleOf(message, TITLE_MAX, escaped);
    const last = page && `${pageName(message)} → ${page}`;
    return jsonOf({ content: fitLines([title, ...plain], CONTENT_MAX, last), ...nobody });
  }
  const lines = linesOf(message).map(({ label, text, link }) => {
    const said = fit(text, 1_500, escaped);
    const labelled = label === null ? said : `**${fit(label, 200, escaped)}:** ${said}`;
    return link === null ? labelled : `${labelled} [→](${link})`;
  });
  // Title and description together stay below the 6,000 characters of all embeds.
  const embed = {
    title: titleOf(message, TITLE_MAX, escaped),
    description: fitLines(lines, DESCRIPTION_MAX, page && `[${pageName(message)}](${page})`),
    color: message.phase === 'ended' ? GREEN : COLOURS[message.severity],
    timestamp: new Date(message.at).toISOString(),
  };
  return jsonOf({ embeds: [embed], ...nobody });
}

/** With `wait` an error of the message is an error of the request; without it nobody would hear. */
export function discordUrl(text: string): string {
  const url = URL.parse(text);
  url?.searchParams.set('wait', 'true');
  return url?.href ?? text;
}

export const DISCORD_READING: Reading = {
  waitMsIn: ({ retry_after: seconds }) =>
    typeof seconds === 'number' ? Math.ceil(seconds * 1000) : null,
  referenceIn: ({ id }) => (typeof id === 'string' ? id : null),
};

/** Markdown, mentions and links of Discord's, each character of them as itself. */
function escaped(character: string): string {
  return /[\\*_~`|<>[\]#@]/.test(character) ? `\\${character}` : character;
}
