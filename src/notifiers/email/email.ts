/**
 * E-mail over SMTP. It is told at least once: nobody but the reader's program knows two copies by their Message-ID,
 * which stays the same in every attempt.
 */
import type { Notifier, ReceiverField } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { addressesOf, addressProblem } from './address.ts';
import { mailOf } from './mail.ts';
import { isSecurity, sendMail, sessionOf } from './smtp.ts';

const FIELDS: readonly ReceiverField[] = [
  { name: 'host', what: 'the name of the mail server', isSecret: false, isRequired: true },
  {
    name: 'port',
    what: 'its port; 587 unless told otherwise, 465 for TLS from the start',
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'security',
    what: 'tls, starttls or none; unless told otherwise tls on port 465 and starttls on all others',
    isSecret: false,
    isRequired: false,
  },
  { name: 'user', what: 'the user to sign in as', isSecret: false, isRequired: false },
  { name: 'password', what: "the user's password", isSecret: true, isRequired: false },
  { name: 'from', what: 'the address it comes from', isSecret: false, isRequired: true },
  {
    name: 'to',
    what: 'the addresses it goes to, divided by commas',
    isSecret: false,
    isRequired: true,
  },
];

const ADDRESSES_MAX = 20;

export function createEmail(out: WayOut): Notifier {
  return {
    kind: 'email',
    fields: FIELDS,
    repeat: null,
    keepsState: false,
    check(settings, secrets) {
      const { host = '', port = '', security = '', user = '', from = '', to = '' } = settings;
      const hasPassword = Boolean(secrets['password']);
      const readers = addressesOf(to);
      return [
        ...fieldProblems(FIELDS, { settings, secrets }),
        host === '' || /^[A-Za-z0-9.:[\]-]{1,253}$/.test(host)
          ? null
          : 'host must be the name of a server.',
        port === '' || isPort(port) ? null : 'port must be a whole number from 1 to 65535.',
        isSecurity(security) ? null : 'security must be tls, starttls or none.',
        (user === '') === !hasPassword ? null : 'user and password go together: give both or none.',
        security === 'none' && hasPassword
          ? 'security none would show the password on the way: use tls or starttls.'
          : null,
        from === '' ? null : addressProblem(from, 'from'),
        ...readers.map((reader, index) => addressProblem(reader, `to, address ${index + 1},`)),
        readers.length > ADDRESSES_MAX ? `to has more than ${ADDRESSES_MAX} addresses.` : null,
      ].filter((problem) => problem !== null);
    },
    hint({ host = '', to = '' }) {
      const [first = '', ...others] = addressesOf(to);
      return `${first}${others.length === 0 ? '' : ` and ${others.length} more`} by ${host}`;
    },
    async send(sending) {
      const { receiver, secrets, signal } = sending;
      const session = sessionOf(receiver.settings, secrets['password'] ?? '');
      return sendMail(out, { session, mail: mailOf(sending), signal });
    },
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
