/** The command line as a whole: every command, and how a run ends. */
import { Command } from 'commander';
import { addClientCommand } from './client-command.ts';
import type { ClientCommand, Session } from './client-command.ts';
import { appAdd } from './commands/app-add.ts';
import { appList } from './commands/app-list.ts';
import { appRemove } from './commands/app-remove.ts';
import { appShow } from './commands/app-show.ts';
import { budgets } from './commands/budgets.ts';
import { channelAdd } from './commands/channel-add.ts';
import { channelDiscover } from './commands/channel-discover.ts';
import { channelImport } from './commands/channel-import.ts';
import { channelList } from './commands/channel-list.ts';
import { channelMove } from './commands/channel-move.ts';
import { channelPause } from './commands/channel-pause.ts';
import { channelProfile } from './commands/channel-profile.ts';
import { channelRemove } from './commands/channel-remove.ts';
import { channelResume } from './commands/channel-resume.ts';
import { channelRetire } from './commands/channel-retire.ts';
import { channelShow } from './commands/channel-show.ts';
import { channelUnwatched } from './commands/channel-unwatched.ts';
import { check } from './commands/check.ts';
import { credentialAdd } from './commands/credential-add.ts';
import { credentialInspect } from './commands/credential-inspect.ts';
import { credentialList } from './commands/credential-list.ts';
import { credentialRemove } from './commands/credential-remove.ts';
import { credentialRotate } from './commands/credential-rotate.ts';
import { credentialShow } from './commands/credential-show.ts';
import { addDbAdminToken } from './commands/db-admin-token.ts';
import { dbBackup } from './commands/db-backup.ts';
import { addDbCopy } from './commands/db-copy.ts';
import { addDbRestore } from './commands/db-restore.ts';
import { addDbStatus } from './commands/db-status.ts';
import { addDemo } from './commands/demo.ts';
import { addExport } from './commands/export.ts';
import { history } from './commands/history.ts';
import { keyAdd } from './commands/key-add.ts';
import { keyList } from './commands/key-list.ts';
import { keyRevoke } from './commands/key-revoke.ts';
import { addServe } from './commands/serve.ts';
import { addSimulate } from './commands/simulate.ts';
import { signalList } from './commands/signal-list.ts';
import { status } from './commands/status.ts';
import { uptime } from './commands/uptime.ts';
import { addWatch } from './commands/watch.ts';
import { PLUGIN_EXIT_CODES } from './exit-code.ts';
import { reportError } from './report-error.ts';
import { TELLING_NOUNS } from './telling-commands.ts';
import type { Terminal } from './terminal.ts';

const NOUNS: Readonly<Record<string, { about: string; verbs: readonly ClientCommand[] }>> = {
  channels: {
    about: 'The numbers that are watched.',
    verbs: [
      channelAdd,
      channelImport,
      channelDiscover,
      channelUnwatched,
      channelList,
      channelShow,
      channelProfile,
      channelPause,
      channelResume,
      channelMove,
      channelRetire,
      channelRemove,
    ],
  },
  keys: { about: 'The API keys that open a channel.', verbs: [keyAdd, keyList, keyRevoke] },
  credentials: {
    about: 'What lets us ask: Graph tokens and 360dialog keys.',
    verbs: [
      credentialAdd,
      credentialList,
      credentialShow,
      credentialInspect,
      credentialRotate,
      credentialRemove,
    ],
  },
  apps: { about: 'The Meta apps of Graph tokens.', verbs: [appAdd, appList, appShow, appRemove] },
  ...TELLING_NOUNS,
  signals: { about: 'What webhooks and reported send errors hinted at.', verbs: [signalList] },
};

/** Commands that a monitoring system may run. */
const PLUGINS: readonly string[] = ['check', 'status'];

const EXAMPLES = `
To see it work:          waba-health demo
To watch a number:       waba-health serve
                         waba-health channels add support --dialog360 < key
To look at it now:       waba-health check support`;

/** Runs one command line (without node and file) and gives the exit code; it never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const session: Session = { terminal, exitCode: 0 };
  try {
    await programOf(session).parseAsync([...args], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    const exitCode = reportError(terminal, error, args.includes('--json'));
    // Whoever runs these reads their exit code as a status, and an error is no status.
    return PLUGINS.includes(args[0] ?? '') && exitCode !== 0 ? PLUGIN_EXIT_CODES.UNKNOWN : exitCode;
  }
}

function programOf(session: Session): Command {
  const { terminal } = session;
  const program = new Command('waba-health')
    .description('Can your WhatsApp numbers send right now? If not: since when, why, who must act.')
    .version(terminal.version)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      // Complaints are told by reportError, as sentences of ours.
      outputError: () => {},
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
    });
  addServe(program, session);
  addClientCommand(program, session, check);
  addClientCommand(program, session, history);
  addClientCommand(program, session, uptime);
  addExport(program, session);
  addClientCommand(program, session, status);
  addWatch(program, session);
  addClientCommand(program, session, budgets);
  for (const [noun, { about, verbs }] of Object.entries(NOUNS)) {
    const parent = program.command(noun).description(about);
    for (const verb of verbs) addClientCommand(parent, session, verb);
  }
  const db = program
    .command('db')
    .description('The database: look at it, copy it, put a copy back.');
  addDbStatus(db, session);
  addClientCommand(db, session, dbBackup);
  addDbRestore(db, session);
  addDbAdminToken(db, session);
  addDbCopy(db, session);
  addSimulate(program, session);
  addDemo(program, session);
  return program;
}
