/**
 * `/i/<incident id>?<signature>`: the page of one incident for whoever holds the link. It needs no login and
 * opens nothing else. Asking for it changes nothing, because mail filters follow links: only its form does.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncidentId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { HttpContext } from '#http/context.ts';
import { incidentPage, NAME_MAX, NOTE_MAX, NOTHING_ENTERED } from '#http/pages/incident-page.ts';
import type { Entered } from '#http/pages/incident-page.ts';
import { pageReply, redirectReply, sayingReply } from '#http/pages/page-frame.ts';
import { retryAfter, sendReply } from '#http/reply.ts';
import type { Reply } from '#http/reply.ts';
import { Budget } from '#monitor/budget.ts';
import { presentMessage } from '#monitor/telling/render.ts';
import { incidentFacts } from '#monitor/incidents/incident-facts.ts';
import { acknowledge } from '#monitor/incidents/verbs.ts';
import type { IncidentLinks, LinkTicket } from '#monitor/telling/incident-link.ts';

/** A name, a note and a ticket, each character of them written as nine at most. */
const FORM_BYTES_MAX = 8_192;
/** A page costs a few reads of the store: nobody reloads it more often than this. */
const VIEWS = { times: 60, windowMs: 60_000, keysMax: 1_000 };
/** Each of these is a commit and an entry in the timeline. */
const SENDINGS = { times: 10, windowMs: 60_000, keysMax: 1_000 };
/** How long to leave a store alone that is away. */
const STORE_RETRY_MS = 5_000;

interface Named {
  readonly Params: { readonly ref: string };
}

interface About {
  readonly context: HttpContext;
  readonly links: IncidentLinks;
  readonly views: Budget;
  readonly sendings: Budget;
}

/** A link that is good, and the incident that it opens. */
interface Opened {
  readonly id: IncidentId;
  readonly ticket: LinkTicket;
}

export function registerIncidentPages(
  app: FastifyInstance,
  context: HttpContext,
  links: IncidentLinks,
): void {
  const about = { context, links, views: new Budget(VIEWS), sendings: new Budget(SENDINGS) };
  void app.register(async (scope) => {
    takeForms(scope);
    scope.setErrorHandler((error, request, reply) => {
      reply.hijack();
      sendReply(reply.raw, failed(error, request, context));
    });
    // HEAD is Fastify's own form of it.
    scope.get<Named>('/i/:ref', async (request, reply) => {
      const answer = await shown(request, about);
      reply.hijack();
      sendReply(reply.raw, answer);
    });
    scope.post<Named>('/i/:ref', { bodyLimit: FORM_BYTES_MAX }, async (request, reply) => {
      const answer = await done(request, about);
      reply.hijack();
      sendReply(reply.raw, answer);
    });
  });
}

/** Forms as browsers send them, and nothing else. */
function takeForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
  );
}

async function shown(request: FastifyRequest<Named>, about: About): Promise<Reply> {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
  const opened = openedBy(request.params.ref, ticketIn(query), about);
  if ('status' in opened) return opened;
  const { context, views } = about;
  const waitMs = views.take(opened.id, context.clock.now());
  if (waitMs > 0) return tooOften(waitMs);
  return pageOf(opened, about, { status: 200, entered: NOTHING_ENTERED });
}

async function done(request: FastifyRequest<Named>, about: About): Promise<Reply> {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const opened = openedBy(request.params.ref, ticketIn(form), about);
  if ('status' in opened) return opened;
  const { context, sendings } = about;
  const waitMs = sendings.take(opened.id, context.clock.now());
  if (waitMs > 0) return tooOften(waitMs);
  const entered = enteredIn(form);
  if (entered.wrong !== null) return pageOf(opened, about, { status: 422, entered });
  try {
    const note = entered.note === '' ? null : entered.note;
    const watch = form.get('do') === 'watch';
    // Nobody checked who it is: it says by which way it came.
    const by = `${entered.name} (by link)`;
    await acknowledge(context.monitor.deps, opened.id, { by, note, watch });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'not_found') return strange();
    if (error.code !== 'conflict') throw error;
    // It was closed meanwhile: the page says so better than any sentence.
  }
  // Relative, so that it holds below any prefix that a proxy has taken away.
  return redirectReply(`${opened.id}?${about.links.queryOf(opened.ticket)}`);
}

/** What the link opens, or why it opens nothing: said before anything is looked up. */
function openedBy(ref: string, ticket: LinkTicket, { context, links }: About): Opened | Reply {
  const link = links.stateOf(ref, ticket, context.clock.now());
  if (link.state === 'open') return { id: link.id, ticket };
  return link.state === 'expired' ? expired() : strange();
}

async function pageOf(
  { id, ticket }: Opened,
  { context, links }: About,
  { status, entered }: { readonly status: number; readonly entered: Entered },
): Promise<Reply> {
  const { store, digest } = context.monitor.deps;
  const now = context.clock.now();
  const found = await store.read(async (view) => {
    const facts = await incidentFacts(view, id, (text) => digest.sha256Hex(text));
    if (facts === null) return null;
    const { incident } = facts;
    const place = links.links(incident, now);
    const message = await presentMessage(view, context, { incident, place });
    return { facts, message, command: place.command };
  });
  if (found === null) return strange();
  return pageReply(status, incidentPage({ ...found, now, ticket, entered }));
}

function ticketIn(fields: URLSearchParams): LinkTicket {
  return { until: only(fields, 'e'), signature: only(fields, 's') };
}

/** What is missing or there twice is empty, which no signature fits. */
function only(fields: URLSearchParams, name: string): string {
  const [value = '', ...others] = fields.getAll(name);
  return others.length === 0 ? value : '';
}

function enteredIn(form: URLSearchParams): Entered {
  const name = only(form, 'by').trim();
  const note = only(form, 'note').trim();
  return { name, note, wrong: wrongWith(name, note) };
}

function wrongWith(name: string, note: string): string | null {
  if (name === '') return 'Enter your name, so that others know who is at it.';
  if (name.length > NAME_MAX) return `The name has more than ${NAME_MAX} characters; shorten it.`;
  if (note.length > NOTE_MAX) return `The note has more than ${NOTE_MAX} characters; shorten it.`;
  return null;
}

/** Nothing here tells whether there is such an incident. */
function strange(): Reply {
  const sentences = [
    'It may have been cut off on its way: open it from the message itself, or copy all of it.',
    'Incidents are also listed by `waba-health incidents list`, on the server.',
  ];
  return sayingReply(404, { title: 'This link opens nothing', sentences });
}

function expired(): Reply {
  const sentences = [
    'Links open their page for 7 days. The next message about the incident has a new one.',
    'Incidents are also listed by `waba-health incidents list`, on the server.',
  ];
  return sayingReply(410, { title: 'This link has expired', sentences });
}

function tooOften(waitMs: number): Reply {
  const sentences = [`Wait ${Math.ceil(waitMs / 1000)} s, then load it again.`];
  return sayingReply(429, { title: 'Too often', sentences }, retryAfter(waitMs));
}

function failed(error: unknown, { method }: FastifyRequest, { monitor }: HttpContext): Reply {
  const status = statusOf(error);
  if (status < 500) {
    const sentences = ['Go back, load the page again, and send its form as it is.'];
    return sayingReply(status, { title: 'This was not the form of the page', sentences });
  }
  monitor.deps.events.emit('request_failed', { method, route: '/i/:ref', error });
  const isAway = error instanceof Problem && error.code === 'store_unavailable';
  if (!isAway) {
    const sentences = ['An error of waba-health ended this request. Load the page again.'];
    return sayingReply(500, { title: 'That did not work', sentences });
  }
  const sentences = ['The database cannot be reached. Load the page again in a moment.'];
  const title = 'Not now';
  return sayingReply(503, { title, sentences }, retryAfter(STORE_RETRY_MS));
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
