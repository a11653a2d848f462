import { EventSourcingError } from '../errors.ts';
import { createFindings } from '../verification/findings.ts';
import type { RecordedCommit, VerifiableLog } from '../verification/verifiable-log.ts';

/** What an earlier import has left in the target, to be compared commit by commit. */
export interface HeldLog {
  /** The next commit that is there already; undefined after the last one. */
  next(): Promise<RecordedCommit | undefined>;
}

/** @throws EventSourcingError `store-damaged` - what the target holds is not what was written */
export async function openHeldLog(log: VerifiableLog): Promise<HeldLog> {
  const through = await log.head();
  const findings = createFindings();
  const pages =
    through === undefined ? undefined : log.commits({ through }, findings)[Symbol.asyncIterator]();
  let page: readonly RecordedCommit[] = [];
  let at = 0;
  let isOver = pages === undefined;

  async function turn(): Promise<void> {
    const next = await pages?.next();
    const [first] = findings.all();
    if (first !== undefined) throw damaged(`${first.place}: ${first.what}`);
    if (next === undefined || next.done === true) isOver = true;
    else page = next.value.commits;
    at = 0;
  }

  return {
    async next() {
      while (at >= page.length && !isOver) {
        page = [];
        await turn();
      }
      return page[at++];
    },
  };
}

function damaged(what: string): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `What the target holds is not what was written (${what}): empty it, and begin anew.`,
  );
}
