import type { Position } from '../event.ts';
import type { LogEntry } from '../projections/log-entry.ts';
import type { Projection } from '../projections/projection.ts';
import type { Census, ReadModelReader } from '../projections/read-model-store.ts';
import type { Findings } from './findings.ts';

/** One way along the log that a check of a read model asks for. Checks of several go along it together. */
export interface Pass {
  /** Events after this position: default from the first one. */
  readonly after: Position | undefined;
  /** Up to and with this one. */
  readonly through: Position;
  /** An event of the stretch, whatever stream it is of. */
  see(entry: LogEntry): void;
  /** Between pages: what has gathered can be worked off. */
  afterPage?(): Promise<void>;
}

/** A check of a read model: it asks for passes until it is done. */
export type ModelCheck = AsyncGenerator<Pass, Census, undefined>;

export interface ModelCheckOptions {
  readonly projection: Projection;
  readonly reader: ReadModelReader;
  readonly findings: Findings;
  /** The end of the log as of the call. */
  head(): Promise<Position | undefined>;
  /** Documents that one event has fed and that are kept in case of a second. */
  readonly capacity: number;
  /** Whether documents and checkpoint of a batch are written together; else documents may be ahead of it. */
  readonly atomicBatches: boolean;
}
