/** A command line that cannot be what was meant, and the sentence that says what would be right. */
import { CommanderError } from 'commander';

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SECRET_WORDS = /(token|key|secret|password|pass)\b/i;

/** The refusal of a secret on the command line; it never repeats the secret. */
const NO_SECRET_ARGUMENTS =
  'A secret is not taken as an argument, because other users of this machine can read arguments: ' +
  'give it on standard input ("… < key"), with --secret-file <file> or with --secret-env <name>.';

/** The parser's complaint as a sentence of ours. */
export function usageErrorOf(error: CommanderError): UsageError {
  const [complaint = '', hint = ''] = error.message.replace(/^error: /, '').split('\n');
  const word = /'([^']*)'/.exec(complaint)?.[1] ?? '';
  if (error.code === 'commander.unknownOption' && SECRET_WORDS.test(nameOf(word))) {
    return new UsageError(NO_SECRET_ARGUMENTS);
  }
  const meant = /\(Did you mean (?:one of )?(.*)\?\)/.exec(hint)?.[1];
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return new UsageError(`${sentenceOf(error.code, complaint, shown(nameOf(word)))}${question}`);
}

function sentenceOf(code: string, complaint: string, word: string): string {
  switch (code) {
    case 'commander.unknownOption':
      return `${word} is not an option of this command.`;
    case 'commander.unknownCommand':
      return `${word} is not a command.`;
    case 'commander.missingArgument':
      return `The argument <${word.replaceAll('"', '')}> is missing.`;
    case 'commander.optionMissingArgument':
      return `${word} needs a value.`;
    case 'commander.excessArguments':
      return 'There are more arguments than this command takes. A secret goes on standard input.';
    case 'commander.invalidArgument':
      return complaint.replace(/ argument '.*?' is invalid\./, ' is not right:');
    default:
      return `${complaint.charAt(0).toUpperCase()}${complaint.slice(1)}.`.replace(/\.\.$/, '.');
  }
}

/** Without what follows the equals sign, which may be a secret. */
function nameOf(word: string): string {
  return word.split('=', 1)[0] ?? '';
}

/** A word as it was typed, unless it may be something that was not meant to be shown. */
function shown(word: string): string {
  return /^([a-z-]{1,24}|--?[\w-]{1,24}( <[\w:.=-]+>)?)$/i.test(word) ? `"${word}"` : 'That word';
}
