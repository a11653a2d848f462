import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import type { LogEntry } from '../projections/log-entry.ts';
import type { Projection } from '../projections/projection.ts';
import type { Census, ReadModelReader } from '../projections/read-model-store.ts';
import { checkDocuments } from './documents-check.ts';
import type { Findings } from './findings.ts';
import type { ModelCheck, Pass } from './model-check.ts';
import { checkTotals } from './totals-check.ts';
import type { VerifiableLog } from './verifiable-log.ts';

/** A read model as it was found. */
export interface VerifiedModel {
  readonly name: string;
  /** The version that queries are answered from; undefined where none is filled yet, or this program does not know it. */
  readonly version: number | undefined;
  readonly documents: number;
  /** How far it is; undefined before its first event. */
  readonly position: Position | undefined;
  /** The version that is being filled to take its place; undefined where none is. */
  readonly filling: number | undefined;
}

/** The checks of all read models, which go along the log together. */
export interface ModelChecks {
  /** What they want to see next: undefined when all are done. */
  next(): Promise<Round | undefined>;
  results(): readonly VerifiedModel[];
}

export interface Round {
  readonly after: Position | undefined;
  readonly through: Position;
  see(entry: LogEntry): void;
  afterPage(): Promise<void>;
}

export interface ModelChecksOptions {
  readonly log: VerifiableLog;
  readonly reader: ReadModelReader;
  readonly projections: readonly Projection[];
  readonly findings: Findings;
  readonly capacity: number;
}

interface Running {
  readonly model: Omit<VerifiedModel, 'documents' | 'position'>;
  readonly check: ModelCheck;
}

export async function startModelChecks(options: ModelChecksOptions): Promise<ModelChecks> {
  const { log, findings } = options;
  const results = new Map<string, VerifiedModel>();
  const unreadable = new Set<Running>();
  let running: readonly Running[] = [];

  for (const projection of options.projections) {
    const { judged, model } = await versionOf(options, projection);
    results.set(model.name, { ...model, documents: 0, position: undefined });
    if (judged === undefined) continue;
    const check = judged.order === 'log' ? checkTotals : checkDocuments;
    const { reader, capacity } = options;
    running = [
      ...running,
      { model, check: check({ projection: judged, reader, findings, capacity, head: log.head }) },
    ];
  }

  function done({ model }: Running, { documents, checkpoint: position }: Census): void {
    results.set(model.name, { ...model, documents, position });
  }

  async function wanted(): Promise<readonly Pass[]> {
    const passes: Pass[] = [];
    const left: Running[] = [];
    for (const each of running) {
      if (unreadable.has(each)) continue;
      const step = await readable(each, () => each.check.next());
      if (step === undefined) continue;
      if (step.done) done(each, step.value);
      // What has folded more than the log holds is not compared: there is nothing to compare it with.
      else if (await isAhead(each, step.value))
        await each.check.return({ documents: 0, checkpoint: step.value.through });
      else {
        passes.push(guarded(each, step.value));
        left.push(each);
      }
    }
    running = left;
    return passes;
  }

  /** Undefined where the read model cannot be read: that is named, and ends its check. */
  async function readable<Read>(each: Running, read: () => Promise<Read>): Promise<Read | undefined> {
    try {
      return await read();
    } catch (error) {
      nameUnreadable(findings, each.model.name, error);
      unreadable.add(each);
      return undefined;
    }
  }

  function guarded(each: Running, pass: Pass): Pass {
    const { afterPage } = pass;
    if (afterPage === undefined) return pass;
    return {
      ...pass,
      async afterPage() {
        if (!unreadable.has(each)) await readable(each, afterPage);
      },
    };
  }

  async function isAhead(each: Running, { through }: Pass): Promise<boolean> {
    const head = await log.head();
    if (head !== undefined && through <= head) return false;
    const { name } = each.model;
    findings.add(
      `read-model-ahead:${name}`,
      name,
      `it has folded up to ${through}, and the log ends at ${head ?? 'its start'}`,
    );
    done(each, { documents: 0, checkpoint: through });
    return true;
  }

  return {
    async next() {
      const passes = await wanted();
      return passes.length === 0 ? undefined : together(passes);
    },
    results: () => [...results.values()],
  };
}

/** The version that is judged: the live one, if this program knows it. */
async function versionOf({ reader, findings }: ModelChecksOptions, projection: Projection) {
  const { name, version, previous } = projection;
  const live = await reader
    .liveVersion(name)
    .catch((error: unknown) => nameUnreadable(findings, name, error));
  const judged = [projection, previous?.projection].find(
    (each) => each !== undefined && each.version === live,
  );
  const filling = live === version ? undefined : version;
  return { judged, model: { name, version: judged?.version, filling } };
}

/** @throws what is no failure of the store */
function nameUnreadable(findings: Findings, name: string, error: unknown): undefined {
  if (!(error instanceof EventSourcingError)) throw error;
  findings.add(`read-model-unreadable:${name}`, name, error.message);
}

function together(passes: readonly Pass[]): Round {
  const after = earliest(passes.map((pass) => pass.after));
  const through =
    passes
      .map((pass) => pass.through)
      .sort()
      .at(-1) ?? '';
  return {
    after,
    through,
    see(entry) {
      const { position } = entry.recorded;
      for (const pass of passes) {
        if (position <= pass.through && (pass.after === undefined || position > pass.after)) pass.see(entry);
      }
    },
    async afterPage() {
      for (const pass of passes) await pass.afterPage?.();
    },
  };
}

/** Undefined, the first event, is before every position. */
function earliest(positions: readonly (Position | undefined)[]): Position | undefined {
  const given = positions.filter((position) => position !== undefined);
  return given.length < positions.length ? undefined : given.sort()[0];
}
