/** The option table as documents: `docs/configuration.md`, `.env.example` and the lines of `--help`. */
import type { OptionReader, OptionSpec } from './option.ts';
import { OPTIONS, keysFor } from './options.ts';

/** One option as the argument parser wants it. */
export interface FlagLine {
  /** `--listen <host:port>` */
  readonly flags: string;
  readonly description: string;
  readonly repeatable: boolean;
}

/** The flags that this reader has, in the table's order. */
export function flagLines(reader: 'server' | 'client'): readonly FlagLine[] {
  return keysFor(reader).flatMap((key) => {
    const spec: OptionSpec<unknown> = OPTIONS[key];
    if (spec.flag === null) return [];
    const isDefault = spec.defaultText === null ? '' : ` Default: ${spec.defaultText}.`;
    return [
      {
        flags: `--${spec.flag} ${spec.kind.placeholder}`,
        description: `${spec.doc}${isDefault} [${spec.env}]`,
        repeatable: spec.repeatable,
      },
    ];
  });
}

const READER_TITLES: Readonly<Record<OptionReader, string>> = {
  both: 'For the server and for commands',
  server: 'For the server (`serve`, `db …`)',
  client: 'For commands that talk to a server',
};

/** The page `docs/configuration.md`, complete. */
export function configurationPage(): string {
  const sections = (['both', 'server', 'client'] as const).map((reader) => {
    const rows = specs()
      .filter((spec) => spec.readBy === reader)
      .map(tableRow);
    const head = '| Flag | Variable | Default | Meaning |\n|---|---|---|---|';
    return `## ${READER_TITLES[reader]}\n\n${head}\n${rows.join('\n')}\n`;
  });
  return `${PAGE_HEAD}\n${sections.join('\n')}`;
}

const PAGE_HEAD = `<!-- Generated from src/config/options.ts by "npm run docs". Change it there. -->

# Configuration

Each option can be given as a flag or as a variable of the environment. The flag comes first, then
our variable, then the variable of other programs named beside it, then the default. Durations are
written \`500ms\`, \`30s\`, \`5m\`, \`1h30m\`. All wrong options are told at once, and a variable that
starts with \`WABA_HEALTH_\` and is none of these stops the start, with the name that was probably
meant. (The variables that Kubernetes makes for a service named \`waba-health\` are left alone.)

Secrets come from a file, from the environment or from standard input, never as an argument: other
users of a machine can read arguments.
`;

function tableRow(spec: OptionSpec<unknown>): string {
  const flag = spec.flag === null ? '–' : `\`--${spec.flag} ${spec.kind.placeholder}\``;
  const variables = [spec.env, ...spec.otherEnv].map((name) => `\`${name}\``).join(', ');
  const isDefault = spec.defaultText === null ? '–' : `\`${spec.defaultText}\``;
  return `| ${flag} | ${variables} | ${isDefault} | ${spec.doc.replaceAll('|', '\\|')} |`;
}

/** The file \`.env.example\`: every variable, commented out, with its default. */
export function envExample(): string {
  const head =
    '# Generated from src/config/options.ts by "npm run docs". Copy to .env and uncomment what you need.\n';
  const entries = specs().map((spec) => {
    const shown = spec.defaultText ?? '';
    return `\n# ${spec.doc}\n# ${spec.env}=${shown}\n`;
  });
  return head + entries.join('');
}

function specs(): readonly OptionSpec<unknown>[] {
  return Object.values(OPTIONS);
}
