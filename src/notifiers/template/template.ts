/**
 * A webhook whose body is a template, for all the services that take one POST of JSON. `discord` and `telegram` are
 * presets with their own limits and errors; without a preset the body is what the settings say.
 */
import type { ReceiverSecrets } from '#domain/telling/receiver.ts';
import { valueOfJson } from '#domain/json.ts';
import type { Notifier, ReceiverField, Sending } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import { jsonOf } from '#notifiers/transport/fit.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import type { Reading } from '#notifiers/transport/send-result.ts';
import { targetHint, targetProblem } from '#notifiers/transport/target.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { DISCORD_READING, discordBody, discordUrl } from './discord.ts';
import { filled, PLACEHOLDERS, unknownPlaceholders, valuesOf } from './placeholders.ts';
import {
  chatProblem,
  TELEGRAM_BASE_URL,
  TELEGRAM_READING,
  telegramBody,
  telegramUrl,
  tokenProblem,
} from './telegram.ts';

const FIELDS: readonly ReceiverField[] = [
  {
    name: 'preset',
    what: 'discord or telegram; none for a body of your own',
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'url',
    what: "the address that takes the POST: Discord's webhook, or that of your own body",
    isSecret: true,
    isRequired: false,
  },
  { name: 'token', what: "the token of Telegram's bot", isSecret: true, isRequired: false },
  {
    name: 'chat_id',
    what: "the number of Telegram's chat, or the @name of a channel",
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'base_url',
    what: `where Telegram's bot API is; ${TELEGRAM_BASE_URL} unless told otherwise`,
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'body',
    what: `JSON whose texts may hold ${Object.keys(PLACEHOLDERS)
      .map((name) => `{{${name}}}`)
      .join(', ')}`,
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'text_max',
    what: 'how long {{text}} and {{lines}} may be, 2,500 to 20,000 characters; 4,000 unless told otherwise',
    isSecret: false,
    isRequired: false,
  },
  {
    name: 'authorization',
    what: 'what the Authorization header says, where the address of your own body wants one',
    isSecret: true,
    isRequired: false,
  },
];

const TEXT_MAX = 4_000;

type Settings = Readonly<Record<string, string>>;

/** A service that is known by name: what it needs, and how it is asked. */
interface Preset {
  readonly needs: readonly string[];
  problems(settings: Settings, secrets: ReceiverSecrets): readonly (string | null)[];
  hint(settings: Settings, secrets: ReceiverSecrets): string;
  url(settings: Settings, secrets: ReceiverSecrets): string;
  body(sending: Sending): string;
  readonly reading: Reading;
}

const DISCORD: Preset = {
  needs: ['url'],
  problems: (_settings, { url = '' }) => [url && targetProblem(url, 'url')],
  hint: (_settings, { url = '' }) => targetHint(url),
  url: (_settings, { url = '' }) => discordUrl(url),
  body: ({ message, isPlain }) => discordBody(message, isPlain),
  reading: DISCORD_READING,
};

const TELEGRAM: Preset = {
  needs: ['token', 'chat_id'],
  problems: ({ chat_id: chat = '', base_url: base = '' }, { token = '' }) => [
    token && tokenProblem(token),
    chat && chatProblem(chat),
    base && targetProblem(base, 'base_url'),
  ],
  hint: ({ chat_id: chat = '' }, { token = '' }) => `Telegram ${chat}, bot ${token.split(':')[0]}`,
  url: ({ base_url: base }, { token = '' }) => telegramUrl(base || TELEGRAM_BASE_URL, token),
  body: ({ message, isPlain, receiver }) =>
    telegramBody(message, isPlain, receiver.settings['chat_id'] ?? ''),
  reading: TELEGRAM_READING,
};

const OWN: Preset = {
  needs: ['url', 'body'],
  problems: ({ body = '', text_max: max = '' }, { url = '', authorization = '' }) => [
    url && targetProblem(url, 'url'),
    body && bodyProblem(body),
    max === '' || (/^\d{4,5}$/.test(max) && Number(max) >= 2_500 && Number(max) <= 20_000)
      ? null
      : 'text_max must be a whole number from 2500 to 20000.',
    /^[\x20-\x7e]*$/.test(authorization) ? null : 'authorization must be visible ASCII.',
  ],
  hint: (_settings, { url = '' }) => targetHint(url),
  url: (_settings, { url = '' }) => url,
  body(sending) {
    const { body = '', text_max: max } = sending.receiver.settings;
    return jsonOf(filled(valueOfJson(body), valuesOf(sending, Number(max || TEXT_MAX))));
  },
  reading: {},
};

const PRESETS: Readonly<Record<string, Preset>> = { '': OWN, discord: DISCORD, telegram: TELEGRAM };

export function createTemplate(out: WayOut): Notifier {
  return {
    kind: 'template',
    fields: FIELDS,
    repeat: null,
    keepsState: false,
    check(settings, secrets) {
      const name = settings['preset'] ?? '';
      const preset = presetOf(settings);
      if (preset === null) return ['preset must be discord or telegram, or be left out.'];
      const fields = FIELDS.map((field) => ({
        ...field,
        isRequired: preset.needs.includes(field.name),
      }));
      const problems = [
        ...fieldProblems(fields, { settings, secrets }),
        ...preset.problems(settings, secrets),
        name !== '' && settings['body'] ? `body has no use with preset ${name}.` : null,
      ];
      return problems.flatMap((problem) => (problem ? [problem] : []));
    },
    hint: (settings, secrets) => presetOf(settings)?.hint(settings, secrets) ?? '',
    async send(sending) {
      const { receiver, secrets, signal } = sending;
      const preset = presetOf(receiver.settings) ?? OWN;
      const { authorization = '' } = secrets;
      const headers: Record<string, string> =
        preset === OWN && authorization !== '' ? { authorization } : {};
      const url = preset.url(receiver.settings, secrets);
      const body = preset.body(sending);
      const posted = await out.post({
        url,
        body,
        headers,
        secrets: Object.values(secrets),
        signal,
      });
      return sendResultOf(posted, preset.reading);
    },
  };
}

function presetOf({ preset = '' }: Settings): Preset | null {
  return Object.hasOwn(PRESETS, preset) ? (PRESETS[preset] ?? null) : null;
}

function bodyProblem(body: string): string | null {
  if (valueOfJson(body) === undefined) {
    return 'body must be JSON; placeholders stand inside its texts, as in {"text": "{{text}}"}.';
  }
  const [unknown] = unknownPlaceholders(body);
  return unknown === undefined
    ? null
    : `body holds {{${unknown.slice(0, 40)}}}, which stands for nothing; known are ${Object.keys(PLACEHOLDERS).join(', ')}.`;
}
