/** The command line of the simulator; everything wrong with it is said at once. */
import type { FleetSize } from './fleet.ts';
import { refuseAll } from './refusal.ts';

export interface SimulatorArguments {
  readonly help: boolean;
  readonly listen: { readonly host: string; readonly port: number };
  /** Paths of JSON files. */
  readonly world: string | null;
  readonly scenario: string | null;
  readonly seed: number | null;
  readonly quotas: boolean;
  readonly untilStdinEnds: boolean;
  readonly generate: Partial<FleetSize>;
}

export const HELP = `A Graph API and a 360dialog Messaging API to develop against.

  --listen <host:port>   where to listen; 127.0.0.1:0 takes any free port (the default)
  --world <file>         a world as JSON: apps, businesses, wabas, numbers, templates, flows, tokens, keys
  --scenario <file>      a JSON array of actions with after_ms and every_ms
  --numbers <n>          generate this many numbers, with keys simkey-0000000000000000 and up
  --wabas, --businesses, --apps, --tokens <n>
                         what they are spread over; tokens are EAAsim0000000000000000 and up
  --templates, --flows <n>
                         for each generated WABA
  --partner              business-0 is a partner that shares in every WABA of the others
  --seed <n>             seeds the faults that strike a share of requests
  --no-quotas            calls are never throttled for their number
  --until-stdin-ends     end when standard input does
  --help                 this text

It prints {"url","graph","dialog360","control"} when it is ready; GET <control> lists what can be done.
`;

const COUNTS = ['numbers', 'wabas', 'businesses', 'apps', 'tokens', 'templates', 'flows'] as const;
const TEXTS = ['listen', 'world', 'scenario', 'seed', ...COUNTS];
const FLAGS = ['partner', 'no-quotas', 'until-stdin-ends', 'help'];
const COUNT_MAX = 10_000_000;

export function argumentsOf(words: readonly string[]): SimulatorArguments {
  const { texts, flags, wrong } = sorted(words);
  const whole = (name: string): number | null => {
    const text = texts.get(name);
    if (text === undefined) return null;
    if (/^\d{1,8}$/.test(text) && Number(text) <= COUNT_MAX) return Number(text);
    wrong.push(`--${name} takes a whole number up to ${COUNT_MAX}, not "${text}".`);
    return null;
  };
  const counts = COUNTS.flatMap((name) => {
    const count = whole(name);
    return count === null ? [] : [[name, count]];
  });
  const seed = whole('seed');
  const listen = listenIn(texts.get('listen') ?? '127.0.0.1:0', wrong);
  refuseAll(wrong);
  return {
    help: flags.has('help'),
    listen,
    world: texts.get('world') ?? null,
    scenario: texts.get('scenario') ?? null,
    seed,
    quotas: !flags.has('no-quotas'),
    untilStdinEnds: flags.has('until-stdin-ends'),
    generate: {
      ...Object.fromEntries(counts),
      ...(flags.has('partner') ? { partner: true } : {}),
    },
  };
}

/** `--name value`, `--name=value` and flags, and a sentence for every word that is none of them. */
function sorted(words: readonly string[]): {
  texts: Map<string, string>;
  flags: Set<string>;
  wrong: string[];
} {
  const texts = new Map<string, string>();
  const flags = new Set<string>();
  const wrong: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (FLAGS.includes(name) && value === undefined) flags.add(name);
    else if (!TEXTS.includes(name)) wrong.push(`There is no argument "${word}"; see --help.`);
    else if (value !== undefined) texts.set(name, value);
    else if (words[at + 1] === undefined) wrong.push(`--${name} needs a value.`);
    else texts.set(name, words[(at += 1)] ?? '');
  }
  return { texts, flags, wrong };
}

function listenIn(text: string, wrong: string[]): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? match[2] ?? '', port };
  wrong.push(`--listen takes host:port such as 127.0.0.1:0, not "${text}".`);
  return { host: '', port: 0 };
}
