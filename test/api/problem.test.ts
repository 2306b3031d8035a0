import assert from 'node:assert/strict';
import test from 'node:test';
import { PROBLEMS, problemType } from '#api/problem.ts';
import { PROBLEM_CODES } from '#domain/problem.ts';

test('every problem code of the domain has a status, a title and a sentence of its own', () => {
  for (const code of PROBLEM_CODES) {
    const { status, title, doc } = PROBLEMS[code];
    assert.ok(status >= 400 && status < 600, code);
    assert.match(title, /^[A-Z]/, code);
    assert.match(doc, /\.$/, code);
  }
  const titles = Object.values(PROBLEMS).map(({ title }) => title);
  assert.equal(new Set(titles).size, titles.length);
});

test('the type of a problem is a URN that ends in its code', () => {
  assert.equal(problemType('in_use'), 'urn:waba-health:problem:in_use');
});
