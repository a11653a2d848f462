import { createFindings, decodeEvent, type Finding, type RecordedEvent } from '@openbank/eventsourcing';
import { createLedgerCheck } from '../verification/ledger.ts';

/** For tests: what the ledger's check finds in a log. */
export function ledgerFindings(events: readonly RecordedEvent[]): readonly Finding[] {
  const ledger = createLedgerCheck();
  const findings = createFindings();
  for (const recorded of events) {
    ledger.see({ ...recorded, event: decodeEvent(recorded) }, findings);
    const { commit_index, commit_size } = recorded.metadata;
    if (Number(commit_index) === Number(commit_size) - 1) ledger.endOfCommit(findings);
  }
  return findings.all();
}
