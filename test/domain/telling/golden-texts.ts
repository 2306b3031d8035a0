/** The golden files of texts: what each case reads like, and where it is kept. */
import type { Message } from '#domain/telling/message.ts';
import { BLIND_CASES } from './blind-cases.ts';
import { LIST_CASES } from './list-cases.ts';
import { LOSS_CASES } from './loss-cases.ts';

/** Every case by its name. */
export const TEXT_CASES: Readonly<Record<string, () => Message>> = {
  ...LOSS_CASES,
  ...BLIND_CASES,
  ...LIST_CASES,
};

/** The folder of the golden files, from the root. */
export const TEXTS_FOLDER = 'test/fixtures/texts';

/** A message as its golden file shows it: all that a person reads, nothing of how a service shows it. */
export function goldenText({ title, lines, link }: Message): string {
  const shown = lines.map(({ label, text, link: page }) => {
    return `${label === null ? '' : `${label}: `}${text}${page === null ? '' : ` → ${page}`}`;
  });
  return `${[title, ...shown, ...(link === null ? [] : [`→ ${link}`])].join('\n')}\n`;
}
