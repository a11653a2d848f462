import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFileBank } from '../testing/file-bank.ts';
import { answeredAnew, type FilledBank, fillBank, untilCaughtUp } from '../testing/filled-bank.ts';
import { type BankVerification, verifyBank } from '../verify/verify-bank.ts';
import { filesIn } from './bank-address.ts';
import { copyBank, exportToFile, importFromFile } from './move-bank.ts';

const EVENTS = 300;

let root: string;
let source: string;
let filled: FilledBank;
let names = 0;
const say = () => {};
const place = (name: string) => join(root, `${name}-${names++}`);
/** The file, and what was to become it. */
const filesOf = (file: string) => readdirSync(root).filter((name) => name.startsWith(basename(file)));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'openbank-moving-'));
  source = join(root, 'source');
  filled = await fillBank(source, EVENTS);
});
afterAll(() => rmSync(root, { recursive: true }));

const verified = (data: string, personalData = true): Promise<BankVerification> =>
  verifyBank({ ...filesIn(data), masterKey: undefined, personalData, onProgress() {} });

/** What must be the same on both sides, on whatever engines. */
function figures({ models, ...verification }: BankVerification) {
  const { findings, events, commits, claims, claimsDigest, streams, digest, accounts, totals } = verification;
  return {
    ...{ findings, events, commits, claims, claimsDigest, streams, digest, accounts, totals },
    personalData: verification.personalData,
    models: models.map(({ name, documents, behind }) => ({ name, documents, behind })),
  };
}

async function expectMoved(data: string): Promise<void> {
  copyFileSync(join(source, 'master.key'), join(data, 'master.key'));
  const { app, close } = await openFileBank({ data });
  try {
    await untilCaughtUp(app);
    expect(await answeredAnew(app, filled.writes)).toEqual([]);
  } finally {
    await close();
  }
  const [there, here] = [figures(await verified(source)), figures(await verified(data))];
  expect(there.findings).toEqual([]);
  expect(here).toEqual(there);
}

it('moves a bank by way of a file: it verifies equal, and repeated keys are still recognised', async () => {
  const file = place('export');
  const data = place('bank');
  const exported = await exportToFile(filesIn(source), file, say);
  expect(exported.events).toBeGreaterThanOrEqual(EVENTS);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await importFromFile(file, filesIn(data), say)).toEqual({ ...exported, found: 0 });
  const again = place('export');
  await exportToFile(filesIn(data), again, say);
  expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  await expectMoved(data);
});

it('copies a bank while it runs, and what has been added since', async () => {
  const data = place('bank');
  const live = place('live');
  await copyBank(filesIn(source), filesIn(live), say);
  copyFileSync(join(source, 'master.key'), join(live, 'master.key'));
  const { app, close } = await openFileBank({ data: live });
  try {
    const { events } = await copyBank(filesIn(live), filesIn(data), say);
    const [write] = filled.writes;
    await app.inject({ method: 'POST', url: `/api/v1${write?.url}`, payload: write?.body ?? {} });
    expect(await copyBank(filesIn(live), filesIn(data), say)).toMatchObject({
      events: events + 1,
      found: events,
    });
  } finally {
    await close();
  }
});

it('goes on from a file that was cut, once it is whole', async () => {
  const file = place('export');
  const data = place('bank');
  const { events } = await exportToFile(filesIn(source), file, say);
  const whole = readFileSync(file);
  for (const share of [0.3, 0.7, 0.99]) {
    writeFileSync(file, whole.subarray(0, Math.floor(whole.length * share)));
    await expect(importFromFile(file, filesIn(data), say)).rejects.toMatchObject({ code: 'export-damaged' });
  }
  writeFileSync(file, whole);
  const { found } = await importFromFile(file, filesIn(data), say);
  expect(found).toBeGreaterThan(events / 2);
  expect(await importFromFile(file, filesIn(data), say)).toMatchObject({ found: events });
  await expectMoved(data);
});

it('refuses a target that is another bank, and one that is open, and changes nothing in it', async () => {
  const other = place('bank');
  await fillBank(other, 20);
  const before = figures(await verified(other));
  await expect(copyBank(filesIn(source), filesIn(other), say)).rejects.toMatchObject({
    code: 'import-refused',
  });
  expect(figures(await verified(other))).toEqual(before);
  const { close } = await openFileBank({ data: other });
  try {
    await expect(copyBank(filesIn(source), filesIn(other), say)).rejects.toMatchObject({
      code: 'store-locked',
    });
  } finally {
    await close();
  }
});

it('does not start a bank whose import has not come to its end', async () => {
  const file = place('export');
  const data = place('bank');
  await exportToFile(filesIn(source), file, say);
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length / 2));
  await expect(importFromFile(file, filesIn(data), say)).rejects.toMatchObject({ code: 'export-damaged' });
  copyFileSync(join(source, 'master.key'), join(data, 'master.key'));
  await expect(openFileBank({ data })).rejects.toMatchObject({ code: 'key-missing' });
});

it('leaves no file where an export has failed', async () => {
  const file = place('export');
  await expect(exportToFile(filesIn(place('nowhere')), file, say)).rejects.toMatchObject({
    code: 'store-unavailable',
  });
  expect(filesOf(file)).toEqual([]);
});

it('exports twice at once to one file, and it is whole', async () => {
  const [file, alone] = [place('export'), place('export')];
  await exportToFile(filesIn(source), alone, say);
  await Promise.all([1, 2].map(() => exportToFile(filesIn(source), file, say)));
  expect(readFileSync(file).equals(readFileSync(alone))).toBe(true);
  expect(filesOf(file)).toHaveLength(1);
});
