/**
 * The frame of pages for people without a login: everything in one answer, nothing from elsewhere, no script.
 * Readable at 3 am: large type, and dark where the device is.
 */
import { createHash } from 'node:crypto';
import type { Reply } from '#http/reply.ts';
import { bytesAsText } from '#http/reply.ts';
import { Html, html } from './html.ts';

const STYLE = `
:root{color-scheme:light dark;--back:#fff;--front:#16181d;--soft:#5b6170;--line:#dfe2e8;--card:#f5f6f8;--link:#0b57d0;
--bad:#b3261e;--warn:#8a5a00;--good:#146c2e}
@media (prefers-color-scheme:dark){:root{--back:#101216;--front:#e9ebf0;--soft:#a0a7b6;--line:#2c313b;--card:#191c22;
--link:#8ab4f8;--bad:#ff8a80;--warn:#ffc46b;--good:#7ddc95}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--front);font:1.125rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:40rem;margin:0 auto;padding:1rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0 1rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:.4rem 0}
a{color:var(--link)}
.top{color:var(--soft);font-size:1rem}
.tag{display:inline-block;padding:.1rem .6rem;border-radius:1rem;border:2px solid currentColor;font-weight:700}
.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
dl{margin:0}
dt{color:var(--soft);font-size:1rem;margin-top:.6rem}
dd{margin:0}
ul,ol{list-style:none;margin:0;padding:0}
li{padding:.5rem 0;border-top:1px solid var(--line)}
.soft{color:var(--soft);font-size:1rem}
.card>h2{margin-top:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem;margin:1rem 0}
label{display:block;margin:.6rem 0 .2rem}
input,textarea,button{width:100%;font:inherit;color:inherit;border-radius:.5rem;padding:.7rem}
input,textarea{background:var(--back);border:1px solid var(--soft)}
button{margin-top:.8rem;min-height:3rem;font-weight:700;border:2px solid var(--link);background:none;color:var(--link)}
button.main{background:var(--link);color:var(--back)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code{font:1rem ui-monospace,monospace}
`;

/** Built apart: whatever stands between the tags is part of the hash. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** By its hash, so that no other style is taken, whatever gets into a page. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: readonly string[] = [
  'Content-Type',
  'text/html; charset=utf-8',
  'Content-Security-Policy',
  POLICY,
  'Cache-Control',
  'no-store',
  'Referrer-Policy',
  'no-referrer',
  'X-Robots-Tag',
  'noindex, nofollow',
  'X-Content-Type-Options',
  'nosniff',
  'X-Frame-Options',
  'DENY',
  'Cross-Origin-Opener-Policy',
  'same-origin',
  'Cross-Origin-Resource-Policy',
  'same-origin',
];

/** A page of ours as an answer. */
export function pageReply(
  status: number,
  page: { readonly title: string; readonly body: Html },
  headers: readonly string[] = [],
): Reply {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <title>${page.title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>${page.body}</main>
      </body>
    </html> `;
  const body = bytesAsText(Buffer.from(text));
  const length = ['Content-Length', String(body.length)];
  return { status, headers: [...HEADERS, ...length, ...headers], body };
}

/** A page that only says something. */
export function sayingReply(
  status: number,
  saying: { readonly title: string; readonly sentences: readonly string[] },
  headers: readonly string[] = [],
): Reply {
  const { title, sentences } = saying;
  const body = html`<h1>${title}</h1>
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;
  return pageReply(status, { title, body }, headers);
}

/** To another page of ours, which the browser then asks for. */
export function redirectReply(location: string): Reply {
  return {
    status: 303,
    headers: [...HEADERS, 'Location', location, 'Content-Length', '0'],
    body: '',
  };
}
