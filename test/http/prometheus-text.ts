/** Reads the text format of Prometheus strictly: whatever it does not know is an error. */
import assert from 'node:assert/strict';

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary'];

/** Every sample; each belongs to a metric that was announced with help and type. */
export function parsePrometheus(text: string): readonly Series[] {
  assert.ok(text.endsWith('\n'), 'the text ends with a line end');
  const helped = new Set<string>();
  const typed = new Map<string, string>();
  const series: Series[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (what === 'HELP') {
      assert.ok(!helped.has(name), `${name} is explained twice`);
      helped.add(name);
    } else if (what === 'TYPE') {
      assert.ok(TYPES.includes(rest), line);
      typed.set(name, rest);
    } else {
      const sample = sampleOf(line);
      const base = sample.name.replace(/_(bucket|sum|count)$/, '');
      const metric = typed.has(sample.name) ? sample.name : base;
      assert.ok(helped.has(metric) && typed.has(metric), `${sample.name} has no help or type`);
      series.push(sample);
    }
  }
  const names = series.map(({ name, labels }) => JSON.stringify([name, labels]));
  assert.equal(new Set(names).size, names.length, 'no series is there twice');
  return series;
}

function sampleOf(line: string): Series {
  const match = SAMPLE.exec(line);
  assert.ok(match, `no sample: ${line}`);
  const [, name = '', labels = '', value = ''] = match;
  const number = value === '+Inf' ? Infinity : value === 'Nan' ? NaN : Number(value);
  assert.ok(value === 'Nan' || !Number.isNaN(number), line);
  return { name, labels: labelsOf(labels), value: number };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = LABEL.exec(rest);
    assert.ok(match, `no label: ${rest}`);
    const [whole, name = '', value = ''] = match;
    labels[name] = value;
    rest = rest.slice(whole.length);
  }
  return labels;
}

/** The value of the one series with this name and these labels; undefined when there is none. */
export function valueOf(
  series: readonly Series[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = series.filter(
    (each) =>
      each.name === name &&
      Object.entries(labels).every(([label, value]) => each.labels[label] === value),
  );
  assert.ok(found.length <= 1, `${name} ${JSON.stringify(labels)} is ambiguous`);
  return found[0]?.value;
}
