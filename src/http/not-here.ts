/**
 * Whatever is asked for and not answered here. The rest of the Messaging API (docs/dialog360.md §3) is
 * named as what it is, so that a client whose base URL was changed too far learns where it belongs.
 */
import type { Reply } from './reply.ts';
import { errorReply } from './reply.ts';

/** First segments, and beginnings, of the Messaging API's other paths. Media ids stand at the root. */
const MESSAGING_API = new RegExp(
  '^/(?:' +
    [
      'messages',
      'marketing_messages',
      'marketing',
      'waba_webhook',
      'multi_webhook',
      'message_templates',
      'message_template_library',
      'media',
      'uploads',
      'whatsapp_business',
      'whatsapp_business_profile',
      'whatsapp_business_encryption',
      'whatsapp_commerce_settings',
      'block_users',
      'groups',
      'calling',
      'flows',
      'v1/(?:configs|messages|media|contacts|settings|health|stickerpacks|users|groups|account)',
      'upload:[^/]*',
      '[0-9]+',
    ].join('|') +
    ')(?:/|$)',
);

const MESSAGING_API_URL = 'https://waba-v2.360dialog.io';

/** The answer for a path, or for a method of a path, that this server does not have. */
export function notHere(method: string, path: string): Reply {
  if (path === '/health_status') {
    const error = `/health_status is read with GET or HEAD, not with ${headerSafe(method)}.`;
    return errorReply(405, error, ['Allow', 'GET, HEAD']);
  }
  const allow = methodsOf(path);
  if (allow !== null) {
    const error = `This path takes ${allow}, not ${headerSafe(method)}.`;
    return errorReply(405, error, ['Allow', allow]);
  }
  if (/^\/+(?:v\d+\/)?health_status\/*$/i.test(path)) {
    return errorReply(404, `Nothing is at ${shown(path)}: write /health_status, exactly so.`);
  }
  return errorReply(404, MESSAGING_API.test(path) ? belongsThere(method, path) : nothing(path));
}

/** Of the doors of hints what they take; null for any other path. */
function methodsOf(path: string): string | null {
  if (/^\/webhooks\/meta\/[^/]+$/.test(path)) return 'GET, POST';
  return /^(?:\/v1\/signals|\/webhooks\/dialog360\/[^/]+)$/.test(path) ? 'POST' : null;
}

function belongsThere(method: string, path: string): string {
  return (
    `Of the Messaging API, waba-health answers GET /health_status only. Send ` +
    `${headerSafe(method)} ${shown(path)} to ${MESSAGING_API_URL} as before, with your 360dialog key.`
  );
}

function nothing(path: string): string {
  return (
    `Nothing is at ${shown(path)}. waba-health answers GET /health_status; its own API is below ` +
    '/api/v1 and described in /openapi.json.'
  );
}

/** Foreign text: what has no place in a path is not repeated. */
function shown(path: string): string {
  const plain = path.replaceAll(/[^A-Za-z0-9_./:-]/g, '?');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}

function headerSafe(method: string): string {
  return /^[A-Z-]{1,20}$/.test(method) ? method : 'that';
}
