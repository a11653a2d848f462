import { leastCheckpoint } from '../projections/partitions.ts';
import type { Projection } from '../projections/projection.ts';
import type { Census, ReadModelReader } from '../projections/read-model-store.ts';
import { checkDocuments } from './documents-check.ts';
import { createFindings, type Findings } from './findings.ts';
import { checkFold } from './fold-check.ts';
import type { ModelCheck, ModelCheckOptions, Pass } from './model-check.ts';
import { type Round, together } from './round.ts';
import { checkTotals } from './totals-check.ts';
import type { VerifiableLog } from './verifiable-log.ts';
import {
  type FoundModel,
  findModel,
  isReplaced,
  nameUnreadable,
  type VerifiedModel,
  type VerifiedModelState,
} from './verified-model.ts';

/** The checks of all read models, which go along the log together. */
export interface ModelChecks {
  /** What they want to see next: undefined when all are done. */
  next(): Promise<Round | undefined>;
  results(): readonly VerifiedModel[];
}

export interface ModelChecksOptions {
  readonly log: VerifiableLog;
  readonly reader: ReadModelReader;
  readonly projections: readonly Projection[];
  readonly findings: Findings;
  readonly capacity: number;
  readonly atomicBatches: boolean;
}

/** Nothing is judged where the log is folded only. */
interface Running extends FoundModel {
  readonly check: ModelCheck;
  /** Not yet among those of all: a version that is dropped meanwhile has none. */
  readonly found: Findings;
}

export async function startModelChecks(options: ModelChecksOptions): Promise<ModelChecks> {
  const { log, reader, findings, capacity, atomicBatches } = options;
  const results = new Map<string, VerifiedModel>();
  const unreadable = new Set<Running>();
  let running: readonly Running[] = [];

  for (const projection of options.projections) {
    const found = await findModel(reader, projection, findings);
    results.set(projection.name, found.model);
    if (found.judged !== undefined) start(found, found.judged, checkModel);
    if (found.judged !== projection) start({ ...found, judged: undefined }, projection, checkFillable);
  }

  function start(
    model: FoundModel,
    projection: Projection,
    checkOf: (options: ModelCheckOptions) => ModelCheck,
  ): void {
    const found = createFindings();
    const check = checkOf({ projection, reader, findings: found, capacity, atomicBatches, head: log.head });
    running = [...running, { ...model, check, found }];
  }

  async function conclude(each: Running, state: VerifiedModelState, census: Census): Promise<void> {
    const { judged, model, found } = each;
    const { documents, checkpoint: position } = census;
    if (judged !== undefined) {
      if (await isReplaced(reader, judged, each.position)) {
        results.set(model.name, { ...model, state: 'replaced' });
        return;
      }
      results.set(model.name, { ...model, state, documents, position });
    }
    for (const { kind, place, what, count } of found.all()) findings.add(kind, place, what, count);
  }

  async function wanted(): Promise<readonly Pass[]> {
    const passes: Pass[] = [];
    const left: Running[] = [];
    for (const each of running) {
      const step = unreadable.has(each) ? undefined : await readable(each, () => each.check.next());
      if (step === undefined) await conclude(each, 'unreadable', NOTHING_READ);
      else if (step.done) await conclude(each, 'compared', step.value);
      // What has folded more than the log holds is not compared: there is nothing to compare it with.
      else if (await isAhead(each, step.value)) {
        const census = { documents: 0, checkpoint: step.value.through };
        await each.check.return(census);
        await conclude(each, 'ahead', census);
      } else {
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
      nameUnreadable(each.found, each.model.name, error);
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

  async function isAhead({ model: { name }, found }: Running, { through }: Pass): Promise<boolean> {
    const head = await log.head();
    if (head !== undefined && through <= head) return false;
    const what = `it has folded up to ${through}, and the log ends at ${head ?? 'its start'}`;
    found.add(`read-model-ahead:${name}`, name, what);
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

const NOTHING_READ: Census = { documents: 0, checkpoint: undefined };

/** Where it has stood still meanwhile, short of the end, it may have stopped for good: the rest is folded too. */
async function* checkModel(options: ModelCheckOptions): ModelCheck {
  const { projection, reader, head } = options;
  const start = await leastCheckpoint(reader, projection);
  const end = await head();
  const census = yield* (projection.order === 'log' ? checkTotals : checkDocuments)(options);
  const { checkpoint } = census;
  const isBehind = end !== undefined && (checkpoint === undefined || checkpoint < end);
  if (isBehind && checkpoint === start) yield* checkFold(options, checkpoint);
  return census;
}

async function* checkFillable(options: ModelCheckOptions): ModelCheck {
  yield* checkFold(options);
  return NOTHING_READ;
}
