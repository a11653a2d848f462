import type { Findings } from '@openbank/eventsourcing';
import { toRow } from '../log/position.ts';
import { highestReadModelCheckpoint } from '../read-models/database.ts';
import { highestSnapshotPosition } from '../snapshots/snapshots-file.ts';

/** How far derived files say that the log has come: where it ends before that, the start is refused. */
export interface Remembered {
  /** Without what other findings of the same file say already. */
  check(end: number, findings: Findings): void;
}

/** Reads them: before the log, which then holds at least as much. */
export function rememberedBy(directory: string): Remembered {
  const all = [
    { kind: 'read-model', file: 'read-models.db', position: readable(highestReadModelCheckpoint, directory) },
    { kind: 'snapshots', file: 'snapshots.db', position: readable(highestSnapshotPosition, directory) },
  ];
  return {
    check(end, findings) {
      for (const { kind, file, position } of all) {
        const fault = faultOf(position, end);
        if (fault === undefined) continue;
        const named = [`${kind}-ahead`, `${kind}-unreadable`];
        if (findings.all().some((finding) => named.some((name) => finding.kind.startsWith(name)))) continue;
        findings.add(`${kind}-ahead`, file, fault);
      }
    },
  };
}

function faultOf(position: string | undefined, end: number): string | undefined {
  try {
    const reached = toRow(position);
    if (reached <= end) return undefined;
    return `it remembers events up to position ${reached}, and the log ends at ${end}: the log has lost its end`;
  } catch {
    return `it remembers events up to ${JSON.stringify(position)}, which is no position`;
  }
}

/** What cannot be read is named by whoever reads all of it. */
function readable(read: (directory: string) => string | undefined, directory: string): string | undefined {
  try {
    return read(directory);
  } catch {
    return undefined;
  }
}
