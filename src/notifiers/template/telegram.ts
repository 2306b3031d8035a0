/** The preset for Telegram: sendMessage of a bot. The bot's token is in the address and shown nowhere. */
import type { Message } from '#domain/telling/message.ts';
import { isJsonObject } from '#domain/json.ts';
import { htmlSafe, tagSafe } from '#notifiers/transport/entities.ts';
import { fit, fitLines, jsonOf } from '#notifiers/transport/fit.ts';
import {
  linesOf,
  pageName,
  pageOf,
  plainText,
  titleOf,
} from '#notifiers/transport/message-text.ts';
import type { Reading } from '#notifiers/transport/send-result.ts';
import { below } from '#notifiers/transport/target.ts';

export const TELEGRAM_BASE_URL = 'https://api.telegram.org';

/** Telegram counts without the markup; with it is never more. */
const TEXT_MAX = 4_096;

export function telegramBody(message: Message, isPlain: boolean, chatId: string): string {
  const options = { chat_id: chatId, link_preview_options: { is_disabled: true } };
  if (isPlain) return jsonOf({ ...options, text: plainText(message, TEXT_MAX) });
  const lines = linesOf(message).map(({ label, text, link }) => {
    const said = fit(text, 1_500, tagSafe);
    const labelled = label === null ? said : `<b>${fit(label, 200, tagSafe)}:</b> ${said}`;
    return link === null ? labelled : `${labelled} ${linkTo(link, '→')}`;
  });
  const page = pageOf(message);
  const title = `<b>${titleOf(message, 1_000, tagSafe)}</b>`;
  const text = fitLines([title, ...lines], TEXT_MAX, page && linkTo(page, pageName(message)));
  return jsonOf({ ...options, text, parse_mode: 'HTML' });
}

export function telegramUrl(baseUrl: string, token: string): string {
  return below(baseUrl, `/bot${token}/sendMessage`);
}

/** `123456:ABC…`, as BotFather gives it; a slash or more would ask for something else. */
export function tokenProblem(token: string): string | null {
  return /^\d{3,20}:[\w-]{30,64}$/.test(token)
    ? null
    : 'token must be a token of a bot, such as 123456:ABC… from BotFather.';
}

export function chatProblem(chatId: string): string | null {
  return /^(-?\d{1,20}|@\w{4,32})$/.test(chatId)
    ? null
    : 'chat_id must be the number of a chat, or the @name of a channel.';
}

export const TELEGRAM_READING: Reading = {
  waitMsIn: (value) => {
    const seconds = parametersOf(value)['retry_after'];
    return typeof seconds === 'number' ? seconds * 1000 : null;
  },
  referenceIn: ({ result }) => {
    const id = isJsonObject(result) ? result['message_id'] : undefined;
    return typeof id === 'number' ? String(id) : null;
  },
  configTroubleIn: (text, value) => {
    const moved = parametersOf(value)['migrate_to_chat_id'];
    if (typeof moved === 'number' || typeof moved === 'string') {
      return `The group has become a supergroup: set chat_id to ${String(moved).slice(0, 24)}.`;
    }
    return /chat not found|peer_id_invalid|not a member/i.test(text)
      ? 'Put the bot into the chat, and check chat_id.'
      : null;
  },
};

function parametersOf({ parameters }: Readonly<Record<string, unknown>>) {
  return isJsonObject(parameters) ? parameters : {};
}

function linkTo(href: string, text: string): string {
  return `<a href="${htmlSafe(href)}">${text}</a>`;
}
