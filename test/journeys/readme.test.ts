/** The README's examples for workers are programs: each is run against every kind of answer. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { ROOT } from '#test/architecture/source-files.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const KEY = 'acme-support-key';

interface Language {
  readonly block: string;
  /** What has to be installed, and the shell line that tells whether it is. */
  readonly needs: string;
  readonly isThere: string;
  readonly run: (file: string) => readonly string[];
  /** Whether the example raises an alarm where its key is refused. */
  readonly alarms: boolean;
}

const LANGUAGES: readonly Language[] = [
  {
    block: 'sh',
    needs: 'curl',
    isThere: 'command -v curl',
    run: (file) => ['sh', file],
    alarms: false,
  },
  {
    block: 'ts',
    needs: 'node',
    isThere: 'command -v node',
    run: (file) => [process.execPath, file],
    alarms: true,
  },
  {
    block: 'python',
    needs: 'python3',
    isThere: 'python3 --version',
    run: (file) => ['python3', file],
    alarms: true,
  },
  {
    block: 'php',
    needs: 'php with curl',
    isThere: `php -r 'exit((int) !function_exists("curl_init"));'`,
    run: (file) => ['php', file],
    alarms: true,
  },
];

for (const language of LANGUAGES) {
  const skip = isTrue(language.isThere) ? false : `${language.needs} is not installed`;

  test(`the ${language.block} example holds only what the effects forbid`, { skip }, async () => {
    assert.equal((await answered(language, effects('no'))).decision, 'hold');
    assert.equal((await answered(language, effects('limited'))).decision, 'send');
    assert.equal((await answered(language, effects('unknown'))).decision, 'send');
  });

  test(`the ${language.block} example sends on when health is not known`, { skip }, async () => {
    const failed = await answered(language, (_, response) => {
      response.writeHead(500).end('{"error": "Meta did not answer."}');
    });
    assert.equal(failed.decision, 'send');
    const broken = await answered(language, (request) => request.socket.destroy());
    assert.equal(broken.decision, 'send');
  });

  test(`the ${language.block} example sends on when its key is refused`, { skip }, async () => {
    const { decision, said } = await answered(language, (_, response) => {
      response.writeHead(401).end('{"error": "Invalid API key"}');
    });
    assert.equal(decision, 'send');
    if (language.alarms) assert.match(said, /ALARM/);
  });
}

function effects(businessInitiated: string): RequestListener {
  return (request, response) => {
    assert.equal(request.url, '/health_status');
    assert.equal(request.headers['d360-api-key'], KEY);
    response.setHeader(
      'Waba-Health-Effects',
      `business-initiated=${businessInitiated}, replies=limited, inbound=yes, calling=yes`,
    );
    response.end('{"health_status": {"can_send_message": "BLOCKED"}}');
  };
}

/** Runs the README's example of this language against a server that answers so. */
async function answered(language: Language, answer: RequestListener) {
  const folder = await mkdtemp(join(tmpdir(), 'waba-health-readme-'));
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    const file = join(folder, `example.${language.block}`);
    writeFileSync(file, exampleOf(language.block));
    const [program = '', ...args] = language.run(file);
    const child = spawn(program, args, {
      env: { ...process.env, HEALTH_URL: `http://127.0.0.1:${address.port}`, D360_API_KEY: KEY },
    });
    const [decision, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { decision: decision.trim(), said };
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** The first block of this language in the section about workers. */
function exampleOf(block: string): string {
  const section = README.slice(README.indexOf('## What a worker does with the answer'));
  const fence = new RegExp(`^\`\`\`${block}\n([^]*?)^\`\`\`$`, 'm');
  const example = fence.exec(section)?.[1];
  assert.ok(example, `the README has an example in ${block}`);
  return example;
}

function isTrue(shellLine: string): boolean {
  return spawnSync('sh', ['-c', shellLine]).status === 0;
}
