import type { VerifiedModelState } from '@openbank/eventsourcing';
import { adviceOn, isLogSound } from './advice.ts';
import type { BankVerification, MeasuredModel } from './verify-bank.ts';

/** What was found, for people. */
export function reportLines(data: string, verification: BankVerification): readonly string[] {
  const { findings, elapsed } = verification;
  const time = `${(elapsed / 1000).toFixed(1)} s`;
  if (findings.length === 0) return [`All is well in ${data} (${time}).`, '', ...summary(verification)];
  return [
    `Something is wrong in ${data} (${time}). The first of each kind:`,
    '',
    ...findings.flatMap(({ kind, place, what, count }) => [
      `${kind}${count > 1 ? `, ${number(count)} of them` : ''}`,
      `  at ${place}`,
      `  ${what}`,
    ]),
    '',
    ...adviceOn(findings, verification.engines),
    '',
    ...summary(verification),
  ];
}

function summary(verification: BankVerification): readonly string[] {
  const {
    events,
    commits,
    claims,
    claimsDigest,
    streams,
    accounts,
    position,
    totals,
    models,
    digest,
    findings,
  } = verification;
  return [
    row(
      'events',
      `${number(events)} in ${number(commits)} commits, ${position === undefined ? 'none yet' : `up to position ${position}`}`,
    ),
    row('streams', number(streams)),
    row('claims', `${number(claims)}, digest ${claimsDigest}`),
    row('accounts', number(accounts)),
    ...totals.map(({ currency, accounts: all, sum }) =>
      row(
        `books ${currency}`,
        `${Object.entries(all)
          .map(([account, total]) => `${account} ${total}`)
          .join(', ')}; sum ${sum}`,
      ),
    ),
    row('personal data', personalData(verification)),
    ...(verification.index === undefined ? [] : [row('index', index(verification.index))]),
    row('snapshots', snapshots(verification)),
    ...models.map((model) => row('read model', `${model.name}: ${modelState(model)}`)),
    row(
      'digest',
      isLogSound(findings) ? `${number(events)} events, ${digest}` : 'none: the log is not sound',
    ),
  ];
}

function row(name: string, text: string): string {
  return `${name.padEnd(15)}${text}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function personalData({ personalData: personal }: BankVerification): string {
  if (personal === undefined) return 'not looked at';
  return `${number(personal.readable)} parts can be read, ${number(personal.erased)} are erased`;
}

function index(found: NonNullable<BankVerification['index']>): string {
  switch (found.state) {
    case 'compared':
      return `${number(found.entries)} events, ${number(found.claims)} claims`;
    case 'missing':
      return 'there is none: the next start makes it';
    case 'other-version':
      return 'another version: the next start makes it anew';
    case 'unreadable':
      return 'cannot be read';
    default:
      return found satisfies never;
  }
}

function snapshots({ snapshots: found }: BankVerification): string {
  if (found === undefined) return 'there are none';
  const others = found.otherVersions === 0 ? '' : `, ${number(found.otherVersions)} of other versions`;
  return `${number(found.compared)} compared${others}`;
}

function modelState(model: MeasuredModel): string {
  const { version, documents, filling, behind } = model;
  const next = filling === undefined ? '' : `; version ${filling} is to be live`;
  if (model.state !== 'compared') return `not looked at: ${NOT_COMPARED[model.state]}${next}`;
  const where = behind === 0 ? 'up to the end' : `${number(behind)} events behind`;
  return `version ${version}, ${number(documents)} documents, ${where}${next}`;
}

const NOT_COMPARED: Readonly<Record<Exclude<VerifiedModelState, 'compared'>, string>> = {
  'not-live': 'no version is live',
  'unknown-version': 'the version that is live is not of this program',
  replaced: 'replaced while it was read',
  unreadable: 'it cannot be read',
  ahead: 'it is ahead of the log',
};
