/**
 * From flags and variables to values: a flag comes before a variable, a variable before the default.
 * Everything that is wrong is told at once, so that nobody mends one option a start.
 */
import { Problem } from '#domain/problem.ts';
import type { ProblemItem } from '#domain/problem.ts';
import type { ReadFile, Reading } from './kind.ts';
import { nearestWord } from './nearest.ts';
import type { Environment, OptionSpec } from './option.ts';
import { OPTIONS, keysFor } from './options.ts';
import type { ClientOptions, OptionKey, ServerOptions } from './options.ts';

export interface Sources {
  /** Flags by the key of their option, as given; absent ones undefined. */
  readonly flags: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly env: Environment;
  readonly readFile: ReadFile;
}

/** What `serve` and `db …` need. Throws Problem `cannot_start` with an item for each wrong option. */
export function loadServerOptions(sources: Sources): ServerOptions {
  const { values, items } = readAll(keysFor('server'), sources);
  items.push(...conflicts(values));
  refuse(items);
  // oxlint-disable-next-line no-unsafe-type-assertion -- each key was read by its own kind above
  return values as ServerOptions;
}

/** What a command that talks to a server needs. Throws like `loadServerOptions`. */
export function loadClientOptions(sources: Sources): ClientOptions {
  const { values, items } = readAll(keysFor('client'), sources);
  refuse(items);
  // oxlint-disable-next-line no-unsafe-type-assertion -- each key was read by its own kind above
  return values as ClientOptions;
}

/** The variables with our prefix that are no option, each with the one probably meant. */
function unknownVariables(env: Environment): readonly ProblemItem[] {
  const known: readonly string[] = Object.values(OPTIONS).map((spec) => spec.env);
  const names = Object.keys(env).filter(
    (name) => name.startsWith('WABA_HEALTH_') && !known.includes(name),
  );
  return names.filter((name) => !isServiceLink(name)).map((name) => unknownItem(name, known));
}

function unknownItem(name: string, known: readonly string[]): ProblemItem {
  const nearest = nearestWord(name, known);
  const hint = nearest === null ? 'remove it or see docs/configuration.md' : `use ${nearest}`;
  return { at: name, message: `${name} is not an option of waba-health: ${hint}.` };
}

/** Kubernetes sets these in every pod of a namespace that has a service named waba-health. */
function isServiceLink(name: string): boolean {
  return /^WABA_HEALTH_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)$/.test(name);
}

type Values = Partial<Record<OptionKey, unknown>>;

function readAll(keys: readonly OptionKey[], sources: Sources) {
  const values: Values = {};
  const items: ProblemItem[] = [];
  for (const key of keys) {
    const reading = readOne(key, sources);
    if ('items' in reading) items.push(...reading.items);
    else values[key] = reading.value;
  }
  items.push(...unknownVariables(sources.env));
  return { values, items };
}

type OptionReading = { readonly value: unknown } | { readonly items: readonly ProblemItem[] };

function readOne(key: OptionKey, sources: Sources): OptionReading {
  const spec: OptionSpec<unknown> = OPTIONS[key];
  const given = givenTexts(key, sources);
  if (given === null) return spec.repeatable ? { value: [] } : readDefault(spec, sources);
  const wrongs = given.fromFlag ? passwordInFlag(spec, given.texts) : [];
  const readings = given.texts.map((text) => spec.kind.read(text, sources.readFile));
  const items = [...wrongs, ...readings.flatMap(wrongOf)].map((wrong) => ({
    at: given.at,
    message: `${given.at} ${wrong}.`,
  }));
  if (items.length > 0) return { items };
  const found = readings.map((reading) => ('value' in reading ? reading.value : null));
  return { value: spec.repeatable ? found : found[0] };
}

function wrongOf(reading: Reading<unknown>): readonly string[] {
  return 'wrong' in reading ? [reading.wrong] : [];
}

interface Given {
  /** How the person named it: `--listen` or `WABA_HEALTH_LISTEN`. */
  readonly at: string;
  readonly texts: readonly string[];
  readonly fromFlag: boolean;
}

function givenTexts(key: OptionKey, { flags, env }: Sources): Given | null {
  const spec: OptionSpec<unknown> = OPTIONS[key];
  const flag = flags[key];
  if (flag !== undefined && spec.flag !== null) {
    return { at: `--${spec.flag}`, texts: [flag].flat(), fromFlag: true };
  }
  for (const name of [spec.env, ...spec.otherEnv]) {
    const text = env[name];
    // An empty variable counts as none: that is how a unit file or a manifest unsets one.
    if (text === undefined || text === '') continue;
    return { at: name, texts: spec.repeatable ? text.split(',') : [text], fromFlag: false };
  }
  return null;
}

function readDefault(spec: OptionSpec<unknown>, sources: Sources): OptionReading {
  const text = spec.defaultFrom === null ? spec.defaultText : spec.defaultFrom(sources.env);
  if (text === null && spec.defaultText === null) return { value: null };
  if (text === null) {
    const message = `--${spec.flag} is needed here: its default ${spec.defaultText} cannot be known, because neither it nor HOME is set.`;
    return { items: [{ at: `--${spec.flag}`, message }] };
  }
  const reading = spec.kind.read(text, sources.readFile);
  if ('value' in reading) return reading;
  return { items: [{ at: spec.env, message: `The default of ${spec.env} ${reading.wrong}.` }] };
}

/** Arguments can be read by every user of the machine, so a password in one is refused. */
function passwordInFlag(
  { secret, env }: OptionSpec<unknown>,
  texts: readonly string[],
): readonly string[] {
  if (!secret || !texts.some(holdsPassword)) return [];
  return [`holds a password: give it as ${env}, where only we can read it`];
}

function holdsPassword(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { password, searchParams } = new URL(text);
  return password !== '' || searchParams.has('password');
}

/** What is given in two ways, of which one would win without a word. */
const EITHER: readonly (readonly [OptionKey, OptionKey])[] = [
  ['adminToken', 'adminTokenFile'],
  ['database', 'databaseFile'],
  ['metricsToken', 'metricsTokenFile'],
];

function conflicts(values: Values): readonly ProblemItem[] {
  return EITHER.filter(([one, other]) => values[one] && values[other]).map(([one, other]) => {
    const { env } = OPTIONS[one];
    const message = `${env} and --${OPTIONS[other].flag} are both given: keep one of them.`;
    return { at: env, message };
  });
}

function refuse(items: readonly ProblemItem[]): void {
  const [first] = items;
  if (first === undefined) return;
  const message = items.length === 1 ? first.message : `${items.length} options are wrong.`;
  throw new Problem('cannot_start', message, { items });
}
