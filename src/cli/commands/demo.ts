import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';

export function addDemo(program: Command, session: Session): void {
  void program;
  void session;
}
