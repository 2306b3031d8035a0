/** Why each receiver heard of an incident, or did not. */
import type { Answer } from '#api/call.ts';
import { attemptsText, fateText } from './delivery-text.ts';
import { inert } from './inert.ts';
import { wrapped } from './layout.ts';
import { momentText } from '#domain/moment-text.ts';
import type { Style } from './style.ts';

type WhyItem = Answer<'explainTelling'>['body']['items'][number];
type Decision = Answer<'tryRules'>['body']['items'][number];

interface Screen {
  readonly style: Style;
  readonly width: number;
}

export function whyText(items: readonly WhyItem[], screen: Screen): string {
  return items.map((item) => itemText(item, screen)).join('\n\n');
}

function itemText(item: WhyItem, { style, width }: Screen): string {
  const lines = [style.bold(inert(item.receiver.name))];
  if (item.left_out > 0) lines.push(`  ${item.left_out} older decisions are not listed here.`);
  for (const delivery of item.deliveries) {
    const when = momentText(Date.parse(delivery.created_at), { seconds: true });
    const fate = fateText(delivery);
    const reason = inert(delivery.reason);
    const why = fate === reason ? '' : ` Why: ${reason}`;
    const beside = fate === reason ? '.' : ',';
    const head = `${when}  ${inert(delivery.kind)}: ${inert(delivery.state)}${beside} ${fate}`;
    lines.push(`  ${wrapped(`${head}${/[.!?]$/.test(head) ? '' : '.'}${why}`, width - 2, 4)}`);
    const attempts = attemptsText(delivery);
    if (attempts !== '') lines.push(attempts.replace(/^/gm, '  '));
  }
  if (item.deliveries.length === 0) lines.push(`  ${wrapped(undecidedText(item), width - 2, 4)}`);
  return lines.join('\n');
}

function undecidedText({ dry_run: decision }: WhyItem): string {
  const nothing = 'Nothing was decided about it yet.';
  if (decision === null) return nothing;
  const would = decision.is_told ? 'As things stand it would hear of it' : 'It would not be told';
  return `${nothing} ${would}: ${inert(decision.reason)}`;
}

/** A line for each receiver: whether it would hear, by which rule, and why. */
export function decisionsText(items: readonly Decision[], width: number): string {
  return items
    .map(({ receiver, is_told: isTold, rule, reason, urgency }) => {
      // The reason of the default rule names it.
      const by = rule === null || rule === 'default' ? '' : ` by ${inert(rule)}`;
      const head = `${inert(receiver.name)} (${inert(urgency)}) ${isTold ? 'hears' : 'does not hear'}`;
      return wrapped(`${head}${by}: ${inert(reason)}`, width, 2);
    })
    .join('\n');
}
