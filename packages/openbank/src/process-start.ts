import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, as the system tells it: with the process id it names one process for ever, since ids are
 * used again. Undefined where there is no such process.
 */
export function processStart(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? linuxStart(pid) : posixStart(pid);
  } catch {
    return undefined;
  }
}

/** Ticks since boot: field 22 of `stat`, counted from behind the program's name, which may hold blanks. */
function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return isZombie ? undefined : `${boot}/${fields[19]}`;
}

function posixStart(pid: number): string | undefined {
  const start = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return start === '' ? undefined : start;
}
