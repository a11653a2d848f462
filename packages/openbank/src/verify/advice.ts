import type { Finding } from '@openbank/eventsourcing';
import type { BankAddress } from '../moving/bank-address.ts';

/** The engines that the advice is about. */
export interface Engines {
  readonly events: BankAddress['eventStore']['engine'];
  readonly reads: BankAddress['readStore']['engine'];
}

/** What a finding is about. */
type Subject = 'log' | 'end' | 'index' | 'snapshots' | 'read models' | 'newer events' | 'keys';

/** The first that fits the kind of a finding; any other kind is about the log itself. */
const SUBJECTS: readonly (readonly [kinds: RegExp, subject: Subject])[] = [
  // A document that is ahead of its stream is wrong by itself; the log has lost nothing.
  [/^document-/, 'read models'],
  [/-ahead\b|^head-/, 'end'],
  [/^index-/, 'index'],
  [/^snapshots?-/, 'snapshots'],
  [/^read-model-/, 'read models'],
  [/^event-not-|^unknown-event-type/, 'newer events'],
  [/^keys?-/, 'keys'],
];

/** What to do about the findings, each advice once. */
export function adviceOn(findings: readonly Finding[], engines: Engines): readonly string[] {
  const subjects = new Set(findings.map(({ kind }) => subjectOf(kind)));
  return [...new Set([...subjects].map((subject) => adviceFor(subject, engines)))];
}

/** Whether the log is what was written, as far as this was looked at. */
export function isLogSound(findings: readonly Finding[]): boolean {
  return !findings.some(({ kind }) => subjectOf(kind) === 'log');
}

function subjectOf(kind: string): Subject {
  return SUBJECTS.find(([kinds]) => kinds.test(kind))?.[1] ?? 'log';
}

function adviceFor(subject: Subject, { events, reads }: Engines): string {
  const restore =
    events === 'sqlite' ? 'restore the whole directory from one backup' : 'restore KurrentDB from a backup';
  const inFiles = reads === 'sqlite';
  switch (subject) {
    case 'log':
      return `The log is not what was written: ${restore}.`;
    case 'end':
      return `The log has lost its end: ${restore}.`;
    case 'index':
      return fromTheLog('index.db');
    case 'snapshots':
      return fromTheLog('snapshots.db');
    case 'read models':
      return inFiles
        ? fromTheLog('read-models.db')
        : 'Read models are made from the log: stop all processes, drop their collections in MongoDB, never keys and secrets, and start.';
    case 'newer events':
      return 'Events are newer than this program: run the version that has written them.';
    case 'keys':
      return `Restore ${inFiles ? 'keys.db' : 'the collections keys and secrets'} and the master key from a backup; --no-personal-data looks at all else without them.`;
    default:
      return subject satisfies never;
  }
}

function fromTheLog(file: string): string {
  return `${file} is made from the log: ./openbank stop, delete ${file}*, ./openbank start.`;
}
