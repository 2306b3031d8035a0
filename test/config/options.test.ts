import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationPage, envExample, flagLines } from '#config/document.ts';
import type { OptionSpec } from '#config/option.ts';
import { OPTIONS } from '#config/options.ts';

const entries: [string, OptionSpec<unknown>][] = Object.entries(OPTIONS);
const noFile = () => {
  throw new Error('no file is read for a default');
};

test('flag, variable and key of an option are one name', () => {
  for (const [key, spec] of entries) {
    const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    assert.equal(spec.flag ?? name, name);
    assert.equal(spec.env, `WABA_HEALTH_${name.toUpperCase().replaceAll('-', '_')}`);
  }
});

test('every default is a value that the option itself would take', () => {
  for (const [key, spec] of entries) {
    if (spec.defaultText === null) continue;
    assert.ok('value' in spec.kind.read(spec.defaultText, noFile), key);
  }
});

test('no variable has a name that Kubernetes sets for a service of our name', () => {
  for (const [, spec] of entries) assert.doesNotMatch(spec.env, /^WABA_HEALTH_(SERVICE|PORT)/);
});

test('every option is in the page, in the example and in the help', () => {
  const page = configurationPage();
  const example = envExample();
  const help = [...flagLines('server'), ...flagLines('client')].map((line) => line.flags).join();
  for (const [, spec] of entries) {
    assert.ok(page.includes(`\`${spec.env}\``), spec.env);
    assert.ok(example.includes(`# ${spec.env}=`), spec.env);
    if (spec.flag !== null) assert.ok(help.includes(`--${spec.flag} `), spec.flag);
  }
});

test('a secret can be given without an argument, and is a file where it is one', () => {
  for (const [key, spec] of entries.filter(([, candidate]) => candidate.secret)) {
    // The loader refuses their passwords as an argument.
    if (key === 'proxy' || key === 'database') continue;
    assert.ok(spec.flag === null || spec.kind.placeholder === '<file>', key);
  }
});
