/** Colour, which says nothing that the words do not say: without it every text reads the same. */
import { styleText } from 'node:util';
import type { Environment } from '#config/option.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  /** A status in its colour; everything else as it is. */
  status(text: string): string;
}

export const PLAIN: Style = {
  bold: (text) => text,
  dim: (text) => text,
  status: (text) => text,
};

const COLOURS = {
  AVAILABLE: 'green',
  LIMITED: 'yellow',
  BLOCKED: 'red',
  UNKNOWN: 'magenta',
} as const;

const COLOURED: Style = {
  bold: (text) => painted('bold', text),
  dim: (text) => painted('dim', text),
  status(text) {
    const word = text.trim();
    for (const [status, colour] of Object.entries(COLOURS)) {
      if (word === status) return painted(colour, text);
    }
    return text;
  },
};

function painted(format: 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'magenta', text: string) {
  return styleText(format, text, { validateStream: false });
}

/** Colour only for a person at a terminal who did not refuse it (https://no-color.org). */
export function styleFor(isTerminal: boolean, env: Environment): Style {
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return isTerminal && !refused ? COLOURED : PLAIN;
}
