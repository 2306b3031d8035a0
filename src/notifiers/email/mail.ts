/** A message as a mail: text and simple HTML, one thread for each incident. */
import type { SendMailOptions } from 'nodemailer';
import type { Message } from '#domain/telling/message.ts';
import type { Sending } from '#ports/notifier.ts';
import { htmlSafe } from '#notifiers/transport/entities.ts';
import {
  linesOf,
  pageName,
  pageOf,
  plainText,
  titleOf,
} from '#notifiers/transport/message-text.ts';
import { addressesOf } from './address.ts';

const SUBJECT_MAX = 200;
const TEXT_MAX = 20_000;

export function mailOf({ id, at, message, receiver, isPlain }: Sending): SendMailOptions {
  const { from = '', to = '' } = receiver.settings;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const thread = message.incident === null ? null : idOf(message.incident.id, domain);
  return {
    from: { name: 'waba-health', address: from },
    to: addressesOf(to).map((address) => ({ name: '', address })),
    subject: titleOf(message, SUBJECT_MAX),
    date: new Date(at),
    messageId: idOf(id, domain),
    ...(thread === null ? {} : { inReplyTo: thread, references: [thread] }),
    headers: {
      // RFC 3834: no holiday note answers this. The second is what Exchange goes by.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    text: plainText(message, TEXT_MAX),
    ...(isPlain ? {} : { html: htmlOf(message) }),
    // Of the id, so that the same attempt gives the same bytes.
    baseBoundary: plainId(id),
  };
}

/** `<id@domain>` (RFC 5322); the same for the same id. */
function idOf(id: string, domain: string): string {
  return `<${plainId(id)}@${domain}>`;
}

function plainId(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_-]/g, '-');
}

function htmlOf(message: Message): string {
  const lines = linesOf(message).map(({ label, text, link }) => {
    const said = label === null ? htmlSafe(text) : `<b>${htmlSafe(label)}:</b> ${htmlSafe(text)}`;
    return `<p>${said}${link === null ? '' : ` <a href="${htmlSafe(link)}">→</a>`}</p>`;
  });
  const page = pageOf(message);
  const open = `<p><a href="${htmlSafe(page ?? '')}">${htmlSafe(pageName(message))}</a></p>`;
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
    `<h3>${htmlSafe(titleOf(message))}</h3>`,
    ...lines,
    ...(page === null ? [] : [open]),
    '</body></html>',
  ].join('\n');
}
