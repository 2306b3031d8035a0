/** What cannot be seen: a credential that is rejected, a WABA out of reach, an upstream or this server cut off. */
import type { Incident } from '#domain/incidents/incident.ts';
import { lastKnownLine, line, remedyLine, whoLine } from './incident-lines.ts';
import type { IncidentView } from './incident-view.ts';
import {
  accountText,
  channelText,
  nameText,
  numbersText,
  onlyNumber,
  partsText,
  sentenceText,
  shortId,
} from './names.ts';
import type { Trouble, Troubles } from './trouble.ts';
import { statusPageOf, upstreamName } from './upstream-words.ts';

/** The failure that is not a rejection: the account itself was switched off. */
const DISABLED = 'account_disabled';

/** The key or token is not taken any more. */
function credentialTrouble(view: IncidentView): Trouble {
  return view.incident.upstream === 'dialog360' ? keyTrouble(view) : tokenTrouble(view);
}

function keyTrouble(view: IncidentView): Trouble {
  const { incident, channels, name } = view;
  const [first] = channels;
  const isDisabled = incident.codes.includes(DISABLED);
  const whose =
    first === undefined ? nameText(name ?? 'a credential') : channelText(first, first.verifiedName);
  const what = isDisabled ? 'HAS DISABLED' : 'REJECTS THE KEY of';
  return {
    head: `360DIALOG ${what} ${whose}`,
    tail: accountText(channels),
    hasBegun: true,
    over: { word: 'SEEN AGAIN', text: `360dialog answers about ${whose} again` },
    lines: [
      line(
        'What',
        isDisabled
          ? 'It cannot be seen, and sending through 360dialog most likely fails too.'
          : 'It cannot be seen. A new key revokes the old one; if yours was replaced, sending with it fails too.',
      ),
      lastKnownLine(view),
      whyLine(incident),
      whoLine(view),
      isDisabled
        ? line('Do', 'Look in the 360dialog hub whether the account is unpaid or switched off.')
        : line('Do', rotateText(name, 'key')),
    ],
  };
}

function tokenTrouble(view: IncidentView): Trouble {
  const { incident, numbers, channels, name } = view;
  const only = onlyNumber(view);
  const hit =
    only === null ? numbersText(numbers.affected || numbers.ever) : channelText(only, null);
  const account = only === null ? accountText(channels) : null;
  return {
    head: `META REJECTS ${tokenName(name).replace(/^\w+ token/, (words) => words.toUpperCase())}`,
    tail: `${hit}${account === null ? '' : ` of ${account}`} cannot be seen`,
    hasBegun: true,
    over: { word: 'SEEN AGAIN', text: `Meta takes ${tokenName(name)} again, ${hit}` },
    lines: [
      line('What', 'With this token sending fails too; with another one it may be fine.'),
      lastKnownLine(view),
      whyLine(incident),
      whoLine(view),
      remedyFor(view) ?? line('Do', rotateText(name, 'token')),
    ],
  };
}

function tokenName(name: string | null): string {
  return name === null ? 'a token' : `the token ${nameText(name)}`;
}

/** The catalogue's advice, with the credential's name where it says `<name>`. */
function remedyFor(view: IncidentView) {
  const advised = remedyLine(view);
  return (
    advised && { ...advised, text: advised.text.replace('<name>', nameText(view.name ?? '<name>')) }
  );
}

function rotateText(name: string | null, secret: 'key' | 'token'): string {
  return `waba-health credentials rotate ${nameText(name ?? '<name>')} < ${secret}`;
}

/** One WABA or number that its credential can no longer read. */
function unreadableTrouble(view: IncidentView): Trouble {
  const { incident, channels, name } = view;
  const waba = wabaOf(incident);
  const only = onlyNumber(view);
  const subject =
    only === null
      ? partsText([accountText(channels), waba])
      : partsText([accountText(channels), channelText(only, only.verifiedName)]);
  const hit = numbersText(view.numbers.affected || view.numbers.ever);
  const by = name === null ? '' : ` with the credential ${nameText(name)}`;
  const they = only === null ? 'They' : 'It';
  return {
    head: only === null ? `CANNOT SEE ${hit}` : 'CANNOT SEE',
    tail: subject === '' ? null : subject,
    hasBegun: true,
    over: { word: 'SEEN AGAIN', text: partsText([subject, only === null ? hit : null]) },
    lines: [
      line('What', `${they} can no longer be read${by}. Sending may be fine.`),
      lastKnownLine(view),
      whyLine(incident),
      whoLine(view),
      line(
        'Do',
        incident.codes.includes('not_found_or_forbidden')
          ? SHARED_NO_MORE
          : readsFail(channels[0]?.name ?? '<name>'),
      ),
    ],
  };
}

const SHARED_NO_MORE =
  'See whether the account still shares its WABA with your app. If it moved, give its numbers another ' +
  'credential; if it is given up, retire them.';

function readsFail(name: string): string {
  return `Ask once more: waba-health check ${nameText(name)}. If it lasts, take the answer to whoever runs the account.`;
}

/** `cr_…/1022…` names the WABA after the slash; a channel of ours there is none. */
function wabaOf({ cause: { ref } }: Incident): string | null {
  const id = ref?.split('/')[1] ?? null;
  return id === null || id.includes('_') ? null : `WABA ${shortId(id)}`;
}

/** How many cannot be seen; where nobody counted, because these are too many, that is said. */
function unseenText({ affected, ever }: IncidentView['numbers']): string {
  return affected === 0 && ever === 0 ? 'many numbers' : numbersText(affected || ever);
}

/** How many are seen again; nothing where nobody counted. */
function againText({ affected, ever }: IncidentView['numbers']): string {
  return affected === 0 && ever === 0 ? '' : `, ${numbersText(affected || ever)}`;
}

/** Whom we ask fails as a whole. */
function upstreamTrouble(view: IncidentView): Trouble {
  const { incident, numbers } = view;
  const upstream = upstreamName(incident.upstream);
  const hit = unseenText(numbers);
  return {
    head: `CANNOT SEE ${hit}`,
    tail: incident.detail === null ? `${upstream} fails as a whole` : sentenceText(incident.detail),
    hasBegun: true,
    over: { word: 'SEEN AGAIN', text: `${upstream} answers again${againText(numbers)}` },
    lines: [
      line('What', 'Sending may be fine: keep sending.'),
      lastKnownLine(view),
      line('Who', `${upstream}; nothing for on-call to repair.`),
      {
        label: 'Do',
        text: `See whether ${upstream} knows of it.`,
        link: statusPageOf(incident.upstream),
      },
    ],
  };
}

/** We reach nothing at all: the trouble is here. */
function serverTrouble(view: IncidentView): Trouble {
  const { numbers } = view;
  const hit = unseenText(numbers);
  return {
    head: `THIS SERVER SEES NOTHING of ${hit}`,
    tail: 'it reaches nobody that it asks',
    hasBegun: true,
    over: {
      word: 'SEEN AGAIN',
      text: `this server reaches whom it asks again${againText(numbers)}`,
    },
    lines: [
      line('What', 'Nobody watches the numbers meanwhile. Sending from elsewhere may be fine.'),
      lastKnownLine(view),
      whoLine(view),
      line(
        'Do',
        'Look at the network of this server: name resolution, firewall, proxy, certificates.',
      ),
    ],
  };
}

/** Why, in the words of who refused; our own codes of failures tell nobody anything at night. */
function whyLine({ codes, detail }: Incident) {
  const said = detail ?? codes[0] ?? null;
  return said === null ? null : line('Why', `${sentenceText(said)}.`);
}

export const BLINDNESS: Pick<Troubles, 'credential' | 'unreadable' | 'upstream' | 'server'> = {
  credential: credentialTrouble,
  unreadable: unreadableTrouble,
  upstream: upstreamTrouble,
  server: serverTrouble,
};
