import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { leastCheckpoint } from '../projections/partitions.ts';
import type { Projection } from '../projections/projection.ts';
import type { ReadModelReader } from '../projections/read-model-store.ts';
import type { Findings } from './findings.ts';

/** A read model as it was found. */
export interface VerifiedModel {
  readonly name: string;
  readonly state: VerifiedModelState;
  /** The version that queries are answered from; undefined where none is, or this program does not know it. */
  readonly version: number | undefined;
  readonly documents: number;
  /** How far it is; undefined before its first event. */
  readonly position: Position | undefined;
  /** The version that is being filled to take its place; undefined where none is. */
  readonly filling: number | undefined;
}

/**
 * Whether the documents were compared with the log. `not-live`: no version is filled. `unknown-version`: this program
 * does not know the one that is live. `replaced`: another version took its place meanwhile. Where it is `unreadable`,
 * or ahead of the log, the findings say so.
 */
export type VerifiedModelState =
  | 'compared'
  | 'not-live'
  | 'unknown-version'
  | 'replaced'
  | 'unreadable'
  | 'ahead';

/** What is judged of a read model, and how it was found at the beginning. */
export interface FoundModel {
  /** Of the live version, if this program knows it. */
  readonly judged: Projection | undefined;
  readonly model: VerifiedModel;
  /** How far it was. */
  readonly position: Position | undefined;
}

export async function findModel(
  reader: ReadModelReader,
  projection: Projection,
  findings: Findings,
): Promise<FoundModel> {
  const { name, version, previous } = projection;
  let live: number | undefined;
  let state: VerifiedModelState = 'not-live';
  try {
    live = await reader.liveVersion(name);
  } catch (error) {
    nameUnreadable(findings, name, error);
    state = 'unreadable';
  }
  const judged = [projection, previous?.projection].find(
    (each) => each !== undefined && each.version === live,
  );
  if (live !== undefined) state = judged === undefined ? 'unknown-version' : 'compared';
  const filling = live === version ? undefined : version;
  return {
    judged,
    position: judged && (await leastCheckpoint(reader, judged).catch(notRead)),
    model: { name, state, version: judged?.version, documents: 0, position: undefined, filling },
  };
}

/** Whether another version took its place, or it was dropped, since it had come to `position`. */
export async function isReplaced(
  reader: ReadModelReader,
  projection: Projection,
  position: Position | undefined,
): Promise<boolean> {
  try {
    if ((await reader.liveVersion(projection.name)) !== projection.version) return true;
    return position !== undefined && (await leastCheckpoint(reader, projection)) === undefined;
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    return false;
  }
}

/** Whoever checks it reads it again, and names the fault. */
function notRead(error: unknown): undefined {
  if (!(error instanceof EventSourcingError)) throw error;
}

/** @throws what is no failure of the store */
export function nameUnreadable(findings: Findings, name: string, error: unknown): void {
  if (!(error instanceof EventSourcingError)) throw error;
  findings.add(`read-model-unreadable:${name}`, name, error.message);
}
