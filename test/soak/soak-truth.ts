/** `npm run soak truth [<numbers>]`: a month of a thousand numbers, held against what really happened. */
import { delaysText, judge } from '#test/truth/judge.ts';
import { aMonthOf } from '#test/truth/script.ts';
import { play } from '#test/truth/world.ts';

const NUMBERS = 1_000;

export async function soakTruth([count = String(NUMBERS)]: readonly string[]): Promise<void> {
  const played = await play(aMonthOf(Number(count)), (day) => {
    process.stdout.write(`day ${day} has passed\n`);
  });
  const { delays, incidents, messages } = judge(played);
  process.stdout.write(
    `truth numbers=${count} checks=${played.checks} incidents=${incidents} messages=${messages} ` +
      `missed=0 invented=0; found after ${delaysText(delays)}\n`,
  );
}
