/** `docs/cli.md`: the help of every command, as the program itself prints it. */
import { runProgram } from '#cli/program.ts';
import type { Terminal } from '#cli/terminal.ts';
import { PLAIN } from '#cli/text/style.ts';
import { generatedFrom } from './markdown.ts';

const HEAD = `
# The command line

Every command, as \`waba-health <command> --help\` prints it. The program is \`bin/waba-health\` in the project's folder.
\`serve\` and \`demo\` are servers; \`db …\` opens the data directory while the server is stopped; all others are
clients of a running server, here or elsewhere (\`--server\`, \`--token-file\`).

Exit codes: 0 done, 1 refused (the sentence is on standard error), 2 the command line is wrong. Those of \`check\`
are a monitoring plugin's: 0 available, 1 limited, 2 blocked, 3 unknown or not to be found out.

`;

/** Hands its arguments on to another program, which has a help of its own. */
const PASSED_ON = new Set(['simulate', 'help']);

/** The page, complete. */
export async function cliPage(): Promise<string> {
  const sections = await sectionsOf([]);
  return [generatedFrom('src/cli'), HEAD, sections.join('\n')].join('');
}

async function sectionsOf(path: readonly string[]): Promise<string[]> {
  const help = await helpOf(path);
  const title = ['waba-health', ...path].join(' ');
  const below = commandsIn(help).filter((name) => !PASSED_ON.has(name));
  const sections = await Promise.all(below.map((name) => sectionsOf([...path, name])));
  return [`## ${title}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`, ...sections.flat()];
}

async function helpOf(path: readonly string[]): Promise<string> {
  let said = '';
  const say = (text: string): void => void (said += `${text}\n`);
  const terminal: Terminal = {
    env: {},
    version: '',
    input: process.stdin,
    style: PLAIN,
    screen: null,
    width: 100,
    now: () => 0,
    pause: () => Promise.resolve(),
    out: say,
    err: say,
    pour: () => Promise.resolve(true),
    progress: () => undefined,
  };
  await runProgram([...path, '--help'], terminal);
  return said;
}

/** The names under "Commands:"; what is indented deeper continues a description. */
function commandsIn(help: string): string[] {
  const [, listed = ''] = help.split('\nCommands:\n');
  const [block = ''] = listed.split('\n\n');
  return [...block.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(({ 1: name = '' }) => name);
}
