/** Matchers between the API and the domain: the same, but for how their names are written. */
import type { Answer, Input } from '#api/call.ts';
import type { Matchers } from '#domain/telling/matchers.ts';

type Given = Input<'addSilence'>['body']['match'];
type Shown = Answer<'getRule'>['body']['match'];

export function matchersOf(given: Given): Matchers {
  const { entity_type, numbers_min, without_labels, ...same } = given;
  const all = {
    ...same,
    entityType: entity_type,
    numbersMin: numbers_min,
    withoutLabels: without_labels,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same without what is not given
  return withoutUndefined(all) as Matchers;
}

export function matchersView(match: Matchers): Shown {
  const { entityType, numbersMin, withoutLabels, ...same } = match;
  const all = {
    ...same,
    entity_type: entityType,
    numbers_min: numbersMin,
    without_labels: withoutLabels,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same without what is not given
  return withoutUndefined(all) as Shown;
}

function withoutUndefined(object: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
