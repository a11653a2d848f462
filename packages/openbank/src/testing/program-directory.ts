import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A place for a bank's data, and its removal. */
export interface ProgramDirectory {
  /** Not there yet. */
  readonly data: string;
  remove(): void;
}

export function programDirectory(): ProgramDirectory {
  const parent = mkdtempSync(join(tmpdir(), 'openbank-e2e-'));
  return { data: join(parent, 'bank'), remove: () => rmSync(parent, { recursive: true, force: true }) };
}
