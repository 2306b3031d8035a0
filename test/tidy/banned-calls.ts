/** Calls that are banned somewhere, each with what to use instead. */
import { dottedName, offenceAt, syntaxOf, walk } from '#test/architecture/syntax.ts';
import type { Node, Offence, SourceFile } from '#test/architecture/syntax.ts';

interface Ban {
  readonly names: readonly string[];
  /** Where it is banned. */
  readonly where: RegExp;
  /** Files of `where` that may nevertheless: they implement the replacement. */
  readonly except?: RegExp;
  readonly instead: string;
}

/** Folders in which time, chance and the outside world enter through ports alone. */
const PURE = /^src\/(domain|ports|monitor|api|config)\//;

const BANS: readonly Ban[] = [
  {
    names: ['Date.now', 'new Date()', 'performance.now', 'process.hrtime', 'Temporal.Now'],
    where: /^src\//,
    except: /^src\/(app\/system-clock|cli\/.*|simulator\/.*)\.ts$/,
    instead: 'the Clock port: `clock.now()`',
  },
  {
    names: ['setTimeout', 'setInterval', 'setImmediate'],
    where: PURE,
    instead: 'the Clock port: `clock.after(delayMs, work)`',
  },
  {
    names: ['Math.random', 'crypto.getRandomValues', 'getRandomValues'],
    where: /^src\//,
    except: /^src\/simulator\//,
    instead: 'the Randomness port: `randomness.bytes(count)`',
  },
  {
    names: ['randomUUID', 'crypto.randomUUID'],
    where: /^src\//,
    except: /^src\/simulator\//,
    instead: 'the Ids port: `ids.next(prefix)`',
  },
  {
    names: ['fetch', 'globalThis.fetch'],
    where: /^src\//,
    except: /^src\/client\//,
    instead: 'undici with its own timeouts and limits (upstreams), or the typed client (cli)',
  },
  {
    names: ['console.log', 'console.error', 'console.warn', 'console.info', 'console.debug'],
    where: /^src\//,
    instead: 'the Events port; commands write to the streams they are given',
  },
  {
    names: ['setTimeout', 'setInterval'],
    where: /^test\//,
    instead: 'a fake clock, or a wait for the thing itself: a test never sleeps',
  },
];

export function bannedCallOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) => {
    const bans = BANS.filter(
      ({ where, except }) => where.test(file.path) && !except?.test(file.path),
    );
    if (bans.length === 0) return [];
    const offences: Offence[] = [];
    walk(syntaxOf(file).program, (node, ancestors) => {
      const name = usedName(node, ancestors.at(-1));
      const ban = name === null ? undefined : bans.find(({ names }) => names.includes(name));
      if (ban === undefined) return;
      offences.push(offenceAt(file, node.start, `${name} is banned here: use ${ban.instead}`));
    });
    return offences;
  });
}

/** What a node uses: a chain of names wherever it stands, a single name only where it is called. */
function usedName(node: Node, parent: Node | undefined): string | null {
  if (node.type === 'MemberExpression') return dottedName(node);
  if (node.type === 'NewExpression') return newDate(node);
  const called = parent?.type === 'CallExpression' && parent['callee'] === node;
  return called && node.type === 'Identifier' ? dottedName(node) : null;
}

/** Without arguments it is a clock; with one it only reads a time. */
function newDate(node: Node): string | null {
  const given = node['arguments'];
  const empty = Array.isArray(given) && given.length === 0;
  return empty && dottedName(node['callee']) === 'Date' ? 'new Date()' : null;
}
