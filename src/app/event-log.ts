/** Events as log lines: one function for each event, so that a new one without a line does not compile. */
import type { EventMap, EventName, Events } from '#ports/events.ts';
import type { Log } from './log.ts';

type Lines = { readonly [N in EventName]: (log: Log, event: EventMap[N]) => void };

const LINES: Lines = {
  check_finished(log, event) {
    // A fleet makes thousands of good checks a minute: they are for whoever looks for them.
    if (event.failure === null) log.debug(event, 'check finished');
    else log.info(event, 'check failed');
  },
  verdict_changed(log, event) {
    log.info(event, 'verdict changed');
  },
  reads_begun(log, { lagsMs }) {
    log.debug({ channels: lagsMs.length, lagMs: Math.max(0, ...lagsMs) }, 'reads begun');
  },
  check_superseded(log, event) {
    log.debug(event, 'check superseded by a newer one');
  },
  version_forwarded(log, event) {
    log.warn(event, 'Meta served another Graph version than we asked for: update --graph-version');
  },
  profile_read(log, event) {
    if (event.changes > 0) log.info(event, 'profile changed');
    else log.debug(event, 'profile read');
  },
  credential_inspected(log, event) {
    if (event.findings.length > 0) log.warn(event, 'a credential needs attention');
    else log.debug(event, 'credential inspected');
  },
  heartbeat(log, event) {
    if (event.outcome === 'sent') log.debug(event, 'heartbeat sent');
    else log.warn(event, `heartbeat ${event.outcome}`);
  },
  delivery_failed(log, event) {
    if (event.nextAt === null) log.error(event, 'a message was not taken, and is given up');
    else log.warn(event, 'a message was not taken, and is sent again');
  },
  delivery_finished(log, event) {
    log.info(event, 'delivery finished');
  },
  delivery_overtaken(log, event) {
    log.warn(event, 'a message took longer to send than its lease');
  },
  receiver_broken(log, event) {
    log.error(event, 'a receiver takes no messages');
  },
  signal_recorded(log, event) {
    if (event.weight === 'critical') log.info(event, 'a webhook names trouble');
    else log.debug(event, 'signal recorded');
  },
  background_failed(log, event) {
    log.error(event, 'work behind a request failed');
  },
  request_failed(log, event) {
    log.error(event, 'a request failed by an error of ours');
  },
};

/** Events that end in this log. */
export function logEvents(log: Log): Events {
  return {
    emit(name, event) {
      LINES[name](log, event);
    },
  };
}
