/** Streams transitions: a page is read when the client has taken the one before, and none is held open. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { EXPORT_OPERATION, EXPORT_TYPES } from '#api/export-operation.ts';
import type { ExportFormat } from '#api/export-operation.ts';
import { parse } from '#api/parse.ts';
import type { HttpContext } from '#http/context.ts';
import { LINE_WRITERS } from '#http/transition-export.ts';
import { invalidRequest } from '#monitor/name-check.ts';
import type { TransitionFilter } from '#ports/history.ts';
import type { Store } from '#ports/store.ts';
import { found } from './handler.ts';
import { transitionFilterOf } from './history.ts';
import { channelLinks } from './names.ts';
import { transitionView } from './transition-view.ts';

const PAGE = 500;

export function registerExport(api: FastifyInstance, { monitor }: HttpContext): void {
  const { store, events } = monitor.deps;
  api.get(EXPORT_OPERATION.path, async (request, reply) => {
    const query = parse(EXPORT_OPERATION.query, request.query, 'query');
    if (!query.ok) throw invalidRequest(query.items);
    const { format, channel: ref, ...about } = query.value;
    const filter = await filterFor(store, ref, transitionFilterOf(about));
    const type = `${EXPORT_TYPES[format]}; charset=utf-8`;
    const name = `attachment; filename="waba-health-transitions.${format}"`;
    void reply.headers({ 'content-type': type, 'content-disposition': name });
    if (request.method === 'HEAD') return reply.send();
    const stream = Readable.from(chunksOf(store, filter, format), { objectMode: false });
    stream.on('error', (error) => {
      // Before the first chunk it becomes an answer; after that the stream can only break off.
      if (!reply.raw.headersSent) return;
      events.emit('request_failed', { method: 'GET', route: EXPORT_OPERATION.path, error });
    });
    return reply.send(stream);
  });
}

async function filterFor(
  store: Store,
  ref: string | undefined,
  filter: TransitionFilter,
): Promise<TransitionFilter> {
  if (ref === undefined) return filter;
  const channel = await store.read((view) => view.channels.find(ref));
  return { ...filter, channelId: found(channel, 'channel', ref).id };
}

/** A chunk for each page. Every page is a scan of its own: a slow client keeps nothing from anybody. */
async function* chunksOf(
  store: Store,
  filter: TransitionFilter,
  format: ExportFormat,
): AsyncGenerator<string> {
  const { head, line } = LINE_WRITERS[format];
  let before = head;
  let after: string | null = null;
  do {
    const page: { text: string; next: string | null } = await store.scan(async (view) => {
      const { items, next } = await view.history.walk({ after, limit: PAGE }, filter);
      const ids = items.map(({ channelId }) => channelId);
      const links = await channelLinks(view, ids);
      return { text: items.map((item) => line(transitionView(item, links))).join(''), next };
    });
    const chunk = before + page.text;
    // A stream takes no empty chunk.
    if (chunk !== '') yield chunk;
    before = '';
    after = page.next;
  } while (after !== null);
}
