import { statfsSync } from 'node:fs';
import { arch, cpus, freemem, loadavg, platform, release, totalmem } from 'node:os';

/** Of a file system in memory (Linux): there is no disk to sync. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/** What the figures were taken on. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly date: string;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    model: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** What makes figures worth less, in words. */
export function doubts(directory: string): readonly string[] {
  const busy = (loadavg()[0] ?? 0) > 0.5;
  return [
    ...(busy
      ? ['The machine is busy with something else: figures will be too low, ratios may be wrong.']
      : []),
    ...(isInMemory(directory)
      ? [`${directory} is in memory: no disk is measured. Name a folder on a disk with --directory.`]
      : []),
    ...(freemem() < 2 ** 30 ? ['Less than 1 GiB of memory is free.'] : []),
  ];
}

function isInMemory(directory: string): boolean {
  return platform() === 'linux' && IN_MEMORY.has(statfsSync(directory).type);
}
