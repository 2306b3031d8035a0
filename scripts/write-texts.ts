/** Writes the golden files of messages as the code tells them now: `npm run texts`. Read what changed. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenText, TEXT_CASES, TEXTS_FOLDER } from '#test/domain/telling/golden-texts.ts';

const folder = join(import.meta.dirname, '..', TEXTS_FOLDER);

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(join(folder, file));
for (const [name, tell] of Object.entries(TEXT_CASES)) {
  writeFileSync(join(folder, `${name}.txt`), goldenText(tell()));
}
process.stdout.write(`${Object.keys(TEXT_CASES).length} texts written\n`);
