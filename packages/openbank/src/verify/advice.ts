import type { BankVerification } from './verify-bank.ts';

type Findings = BankVerification['findings'];

const RESTORE = 'restore the whole directory from one backup';
const THE_LOG = `The log is not what was written: ${RESTORE}.`;

const fromTheLog = (file: string) =>
  `${file} is made from the log: ./openbank stop, delete ${file}*, ./openbank start.`;

/** The first that fits the kind of a finding; any other kind is about the log itself. */
const ADVICE: readonly (readonly [kinds: RegExp, advice: string])[] = [
  [/-ahead\b|^head-/, `The log has lost its end: ${RESTORE}.`],
  [/^index-/, fromTheLog('index.db')],
  [/^snapshots?-/, fromTheLog('snapshots.db')],
  [/^(?:document|read-model)-/, fromTheLog('read-models.db')],
  [
    /^event-not-|^unknown-event-type/,
    'Events are newer than this program: run the version that has written them.',
  ],
  [
    /^keys?-/,
    'Restore keys.db and the master key from a backup; --no-personal-data looks at all else without them.',
  ],
];

/** What to do about the findings, each advice once. */
export function adviceOn(findings: Findings): readonly string[] {
  return [...new Set(findings.map(({ kind }) => adviceOnKind(kind)))];
}

/** Whether the log is what was written, as far as this was looked at. */
export function isLogSound(findings: Findings): boolean {
  return !findings.some(({ kind }) => adviceOnKind(kind) === THE_LOG);
}

function adviceOnKind(kind: string): string {
  // A document that is ahead of its stream is wrong by itself; the log has lost nothing.
  if (kind.startsWith('document-')) return fromTheLog('read-models.db');
  return ADVICE.find(([kinds]) => kinds.test(kind))?.[1] ?? THE_LOG;
}
