import { EventSourcingError } from '../errors.ts';
import type { Claim, ExpectedRevision } from './event-store.ts';

/** A stream is not where a commit expected it. */
export class RevisionConflict extends EventSourcingError {
  override readonly name = 'RevisionConflict';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: ExpectedRevision;

  constructor(stream: string, expected: ExpectedRevision, actual: ExpectedRevision) {
    super(
      'revision-conflict',
      `Stream ${stream} is at ${actual}, not at ${expected}: read it again and decide again.`,
    );
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A commit names a claim that another commit has taken. */
export class ClaimTaken extends EventSourcingError {
  override readonly name = 'ClaimTaken';
  /** The claim as its owner took it. */
  readonly claim: Claim;

  constructor(claim: Claim) {
    super('claim-taken', `The claim ${claim.name} is taken: look at the events it points at.`);
    this.claim = claim;
  }
}
