/** A command that is a client of a running server: declared as a value, run in one way. */
import type { Command } from 'commander';
import type { Client } from '#client/create-client.ts';
import { connect } from './connect.ts';
import type { Flags } from './connect.ts';
import { addTableFlags } from './flags.ts';
import type { Terminal } from './terminal.ts';

export interface Call {
  readonly client: Client;
  /** Where the public route is. */
  readonly serverUrl: string;
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly terminal: Terminal;
}

/** What a command found: the same as JSON and as text. */
export interface Printed {
  readonly json: unknown;
  readonly text: string;
  /** Something to say beside it, on standard error. */
  readonly note?: string;
  /** 0 unless given. */
  readonly exitCode?: number;
}

export interface ClientCommand {
  /** Name and arguments: `add <name>`. */
  readonly signature: string;
  readonly summary: string;
  /** Adds the flags that only this command has. */
  readonly configure?: (command: Command) => void;
  /** Runs before a server is looked for: throws UsageError for what cannot be right. */
  readonly prepare?: (args: readonly string[], flags: Flags) => void;
  /** The most one call may take, in ms, where that is more than usual. */
  readonly timeoutMs?: number;
  readonly run: (call: Call) => Promise<Printed>;
}

/** The state of one run of the program. */
export interface Session {
  readonly terminal: Terminal;
  exitCode: number;
}

export function addClientCommand(parent: Command, session: Session, spec: ClientCommand): void {
  const command = parent.command(spec.signature).description(spec.summary);
  spec.configure?.(command);
  command.option('--json', 'Print JSON instead of text.');
  addTableFlags(command, 'client');
  command.action(async () => {
    const { terminal } = session;
    const flags: Flags = command.opts();
    const args = command.args;
    spec.prepare?.(args, flags);
    const { client, serverUrl } = await connect(terminal, flags, spec.timeoutMs);
    const printed = await spec.run({ client, serverUrl, args, flags, terminal });
    print(terminal, printed, flags);
    session.exitCode = printed.exitCode ?? 0;
  });
}

function print(terminal: Terminal, printed: Printed, flags: Flags): void {
  const asJson = flags['json'] === true;
  if (asJson) terminal.out(JSON.stringify(printed.json, null, 2));
  else if (printed.text !== '') terminal.out(printed.text);
  if (printed.note !== undefined && !asJson) terminal.err(printed.note);
}
