/** What a process has used, from /proc; null where there is none. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in ticks of 1/100 s on every platform that Node supports. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time of a process and its children, all threads included. */
export function cpuSeconds(pid: number): number | null {
  try {
    const own = statOf(pid);
    const children = pidsOf(pid).map((child) => statOf(child));
    return [own, ...children].reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** User and system time in ticks: fields 14 and 15, counted after the name, which may hold blanks. */
function statOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function pidsOf(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return null;
  }
}
