/**
 * What a JSON object given to the simulator must look like: a table of fields. The check names every
 * wrong field at once, each in a sentence.
 */
export interface Field {
  readonly is: 'text' | 'texts' | 'integer' | 'number' | 'boolean' | 'object' | 'list' | 'any';
  readonly optional?: true;
  /** The texts that are allowed. */
  readonly among?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export type Form = Readonly<Record<string, Field>>;

export type JsonObject = Readonly<Record<string, unknown>>;

const LIST_LENGTH_MAX = 1_000_000;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A sentence for each way in which `value` is not of this form; `at` says where it stands. */
export function misfitsOf(value: unknown, form: Form, at: string): string[] {
  if (!isObject(value)) return [`${at} must be a JSON object.`];
  const unknown = Object.keys(value)
    .filter((key) => !Object.hasOwn(form, key))
    .map((key) => `${at} has no field "${key}"; it takes ${Object.keys(form).join(', ')}.`);
  const wrong = Object.entries(form).flatMap(([key, field]) => {
    const sentence = misfitOf(value[key], field);
    return sentence === null ? [] : [`"${key}" of ${at} ${sentence}.`];
  });
  return [...unknown, ...wrong];
}

function misfitOf(value: unknown, field: Field): string | null {
  if (value === undefined) return field.optional ? null : `is missing: ${expectation(field)}`;
  const fits = FITS[field.is](value);
  if (!fits) return `must be ${expectation(field)}`;
  if (field.among && !(typeof value === 'string' && field.among.includes(value)))
    return `must be ${expectation(field)}`;
  if (typeof value !== 'number') return null;
  const { min = -Infinity, max = Infinity } = field;
  return value < min || value > max ? `must be ${expectation(field)}` : null;
}

const FITS: Record<Field['is'], (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string' && value !== '',
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  list: (value) => Array.isArray(value) && value.length <= LIST_LENGTH_MAX,
  any: () => true,
};

const EXPECTATIONS: Record<Field['is'], string> = {
  text: 'a text that is not empty',
  texts: 'a list of texts',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a JSON object',
  list: 'a list',
  any: 'given',
};

function expectation(field: Field): string {
  if (field.among) return `one of ${field.among.join(', ')}`;
  const { min, max } = field;
  if (min === undefined && max === undefined) return EXPECTATIONS[field.is];
  if (max === undefined) return `${EXPECTATIONS[field.is]} of at least ${min}`;
  return `${EXPECTATIONS[field.is]} from ${min ?? 0} to ${max}`;
}
