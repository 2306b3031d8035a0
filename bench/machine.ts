/** The facts without which a figure means nothing. */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './median.ts';

const FSYNCS = 50;

/** One line: cores, processor, memory, Node, and what a flush to disk costs here. */
export function machineFacts(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  const fsync = `fsync ${fsyncMs().toFixed(2)} ms`;
  return `${cores.length} cores (${model}), ${memory}, Node ${process.version}, ${fsync}`;
}

/** The median of writing 4 KiB and flushing them, in ms. */
function fsyncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'waba-health-bench-'));
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4096, 1);
  const times = Array.from({ length: FSYNCS }, () => {
    const start = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return median(times);
}
