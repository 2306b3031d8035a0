/** What every kind of receiver asks of its settings and secrets. */
import type { ReceiverSecrets } from '#domain/telling/receiver.ts';
import type { ReceiverField } from '#ports/notifier.ts';

export interface Given {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: ReceiverSecrets;
}

const CHARACTERS_MAX = 16_384;

/** Required ones that are missing, unknown ones, those in the wrong place, and texts that no field can hold. */
export function fieldProblems(fields: readonly ReceiverField[], given: Given): string[] {
  const missing = fields
    .filter(({ name, isSecret, isRequired }) => isRequired && !valueOf(given, name, isSecret))
    .map(({ name, what }) => `${name} is missing: ${what}.`);
  return [
    ...missing,
    ...objections(fields, given.settings, false),
    ...objections(fields, given.secrets, true),
  ];
}

/** The value of a setting or secret; undefined when it is empty or not given. */
export function valueOf({ settings, secrets }: Given, name: string, isSecret: boolean) {
  const values = isSecret ? secrets : settings;
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return value === '' ? undefined : value;
}

function objections(
  fields: readonly ReceiverField[],
  values: Readonly<Record<string, string>>,
  areSecret: boolean,
): string[] {
  const names = fields.map(({ name }) => name).join(', ');
  return Object.entries(values).flatMap(([name, value]) => {
    const field = fields.find((known) => known.name === name);
    if (field === undefined) return [`${name.slice(0, 40)} is not known here; known are ${names}.`];
    if (field.isSecret && !areSecret) return [`${name} is a secret: give it as one.`];
    if (!field.isSecret && areSecret) return [`${name} is no secret: give it as a setting.`];
    if (value.length > CHARACTERS_MAX)
      return [`${name} has more than ${CHARACTERS_MAX} characters.`];
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    const isText = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/.test(value);
    return isText ? [] : [`${name} holds control characters, which it cannot.`];
  });
}
