import type { Position } from '../event.ts';
import { evolved } from '../projections/fold.ts';
import { partitionOf } from '../projections/partitions.ts';
import type { ProjectedEvent, Projection } from '../projections/projection.ts';
import type { Document, DocumentChange } from '../projections/read-model-store.ts';
import { documentDifference } from './document-difference.ts';
import type { FoldedDocument } from './document-fold.ts';
import type { Findings } from './findings.ts';
import type { Frontier } from './frontier.ts';

/**
 * The verdict on documents that the first look did not settle: those that the running bank has moved on since, and those
 * that seem to be wrong. Each is replayed event by event and compared at the very revision that the stored one carries.
 */
export interface Judgement {
  /**
   * @param stored - as it was read, before the replay began; undefined where there was none
   * @param replayed - what the events that are due have made of it; else its replay begins with the first event
   */
  add(id: string, stored: Document | undefined, replayed?: FoldedDocument): void;
  /** @throws what the projection throws */
  see(event: ProjectedEvent): void;
  /** All events up to the end have been seen. */
  conclude(): void;
}

export interface JudgementOptions {
  readonly projection: Projection;
  readonly findings: Findings;
  /** Every event up to here must be in the documents. */
  readonly due: Frontier;
  /** How far each partition is: no event of its streams after that may be. Undefined where documents come first. */
  readonly most: readonly (Position | undefined)[] | undefined;
  /** Documents that are judged although nobody has added them: all that the replay makes must be there. */
  includes(id: string): boolean;
}

interface Case {
  readonly stored: Document | undefined;
  /** The events that are due have been replayed. */
  readonly isReplayed: boolean;
  revision: number | undefined;
  fields: DocumentChange['fields'];
  /** The event with the stored revision has come. */
  met: boolean;
  /** What the replay has made of the events up to `due`; undefined before the first. */
  due: FoldedDocument | undefined;
  /** An event after `due` has deleted it: whether it was there when it was read is not known. */
  goneSince: boolean;
}

export function createJudgement({ projection, findings, due, most, includes }: JudgementOptions): Judgement {
  const cases = new Map<string, Case>();
  const report = (id: string, [kind, what]: Verdict): void =>
    findings.add(`${kind}:${projection.name}`, `${projection.name} ${id}`, what);

  function met(id: string, judged: Case, event: ProjectedEvent): void {
    judged.met = true;
    for (const verdict of verdictsAt(judged, event)) report(id, verdict);
  }

  function verdictsAt({ stored, fields }: Case, { stream, position }: ProjectedEvent): readonly Verdict[] {
    if (stored === undefined) return [];
    if (fields === undefined) return [['document-extra', `it is deleted at its revision ${stored.revision}`]];
    const verdicts: Verdict[] = [];
    const difference = documentDifference(projection, fields, stored.fields);
    if (difference !== undefined)
      verdicts.push(['document-wrong', `at revision ${stored.revision} ${difference}`]);
    const checkpoint = most?.[partitionOf(stream, most.length)];
    if (checkpoint !== undefined && position > checkpoint) {
      verdicts.push([
        'document-ahead',
        `it shows ${position}, and its read model has come to ${checkpoint} only`,
      ]);
    }
    return verdicts;
  }

  function feed(id: string, event: ProjectedEvent, judged: Case): void {
    if (judged.isReplayed && due.covers(event)) return;
    if (judged.revision !== undefined && event.revision <= judged.revision) return;
    judged.fields = evolved(projection, judged, event, id);
    judged.revision = event.revision;
    if (due.covers(event)) judged.due = { id, revision: event.revision, fields: judged.fields };
    else if (judged.fields === undefined) judged.goneSince = true;
    if (judged.revision === judged.stored?.revision) met(id, judged, event);
  }

  return {
    add(id, stored, replayed) {
      cases.set(id, newCase(stored, replayed));
    },
    see(event) {
      for (const id of projection.documentIds(event)) {
        let judged = cases.get(id);
        if (judged === undefined) {
          if (!includes(id)) continue;
          judged = newCase(undefined, undefined);
          cases.set(id, judged);
        }
        feed(id, event, judged);
      }
    },
    conclude() {
      for (const [id, judged] of cases) {
        const verdict = conclusionOf(judged);
        if (verdict !== undefined) report(id, verdict);
      }
    },
  };
}

function newCase(stored: Document | undefined, replayed: FoldedDocument | undefined): Case {
  return {
    stored,
    isReplayed: replayed !== undefined,
    revision: replayed?.revision,
    fields: replayed?.fields,
    met: false,
    due: replayed && { ...replayed },
    goneSince: false,
  };
}

type Verdict = readonly [kind: string, what: string];

function conclusionOf({ stored, revision, met, due, goneSince }: Case): Verdict | undefined {
  if (stored === undefined) {
    const isMissing = due?.fields !== undefined && !goneSince;
    return isMissing ? ['document-missing', `the replay has it, at revision ${due.revision}`] : undefined;
  }
  if (revision === undefined) return ['document-extra', 'no event makes it'];
  if (!met) return ['document-wrong', `no event feeds it that has its revision, ${stored.revision}`];
  if (due === undefined || stored.revision >= due.revision) return undefined;
  const what = `it is at revision ${stored.revision}, and ${due.revision} is at or before the checkpoint`;
  return ['document-behind', what];
}
