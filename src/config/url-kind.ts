/** Kinds of options that are addresses: one to be found at, and one that is itself a secret. */
import { z } from 'zod';
import { Secret } from '#domain/secret.ts';
import { baseUrl, fileThat, kindOf } from './kind.ts';
import type { Kind } from './kind.ts';

/** Where people reach the server. A link with a signature in it goes over https, or no further than this machine. */
export const publicUrl: Kind<string> = {
  placeholder: '<url>',
  read(text, readFile) {
    const reading = baseUrl.read(text, readFile);
    if ('wrong' in reading || isPrivate(new URL(reading.value))) return reading;
    return { wrong: 'must begin with https://, because it opens pages without a login' };
  },
};

const SECRET_URL = 'an address such as https://hc-ping.com/<id>, in one line';

/** An address with a token in it. Its text is never shown. */
export const secretUrl: Kind<Secret> = kindOf(
  '<url>',
  z
    .string()
    .transform((text) => text.trim())
    .refine(isSecretUrl, `must be ${SECRET_URL}`)
    .transform((text) => new Secret(text)),
);

/** A file with such an address. */
export const secretUrlFile: Kind<Secret> = fileThat(
  `holds ${SECRET_URL}`,
  (text) => (isSecretUrl(text.trim()) ? text.trim() : null),
  (_given, text) => new Secret(text),
);

function isSecretUrl(text: string): boolean {
  return text.length <= 2_048 && URL.canParse(text) && isPrivate(new URL(text));
}

/** Whether nobody on the way can read it. */
function isPrivate({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** An address, or a range of them. */
export const addressRange: Kind<string> = kindOf(
  '<range>',
  z
    .string()
    .regex(
      /^[0-9a-fA-F.:]{2,45}(\/\d{1,3})?$/,
      'must be an address or a range, such as 10.1.0.0/16, 127.0.0.1 or fd00::/8',
    ),
);
