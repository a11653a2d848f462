import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { chainLink } from '../chain.ts';
import { EventSourcingError } from '../errors.ts';
import type { KeyStore } from '../personal-data/key-store.ts';
import { createMemoryKeyStore } from '../personal-data/memory-key-store.ts';
import { withFaults } from '../testing/faulty-event-store.ts';
import { claimedCrates, createMovableStore, type MovableStore, someKeys } from '../testing/movable.ts';
import { logOf } from '../testing/verified-crates.ts';
import { createFindings } from '../verification/findings.ts';
import type { RecordedCommit } from '../verification/verifiable-log.ts';
import { exportLines, importedItems } from './export-lines.ts';
import { type ExportSource, exportLog } from './export-log.ts';
import { type Imported, type ImportOptions, importLog } from './import-log.ts';
import { createLineOpening, createLineSealing } from './line-seal.ts';

const HISTORY = claimedCrates([[1], [1, 2], [2, 2, 3], [1, 3], [4, 1], [2], [5, 5, 5], [3, 2, 1]]);

let keys: KeyStore;
let source: ExportSource;
beforeEach(async () => {
  keys = await someKeys();
  source = { log: logOf(HISTORY), keys };
});

const copyTo = (target: MovableStore, from = source, options: ImportOptions = {}): Promise<Imported> =>
  importLog(exportLog(from), target, { patience: 0, ...options });

async function textOf(from: ExportSource): Promise<string> {
  let text = '';
  for await (const chunk of exportLines(exportLog(from))) text += chunk;
  return text;
}

/** In chunks that have nothing to do with lines. */
async function* bytesOf(text: string, chunk = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

const importText = (text: string, target: MovableStore, chunk?: number): Promise<Imported> =>
  importLog(importedItems(bytesOf(text, chunk)), target, { patience: 0 });

const entriesOf = async (store: Pick<KeyStore, 'entries'>) => {
  const entries: string[] = [];
  for await (const page of store.entries()) {
    for (const { kind, name, wrapped } of page) entries.push(`${kind} ${name} ${wrapped.toString()}`);
  }
  return entries.sort();
};

const withoutPositions = (commits: readonly RecordedCommit[]) =>
  commits.map(({ events, claims }) => ({ claims, events: events.map(({ position, ...event }) => event) }));

async function expectMoved(target: MovableStore, commits = HISTORY): Promise<void> {
  expect(withoutPositions(target.commits)).toEqual(withoutPositions(commits));
  expect(await entriesOf(target.keys)).toEqual(await entriesOf(keys));
  for (const { claims } of commits) {
    for (const claim of claims) expect(await target.store.claim(claim.name)).toEqual(claim);
  }
}

const EVENTS = HISTORY.flatMap(({ events }) => events).length;

describe('a log that is moved', () => {
  test('has the same commits, claims and keys where it arrives', async () => {
    const target = createMovableStore();
    expect(await copyTo(target)).toEqual({
      events: EVENTS,
      commits: HISTORY.length,
      claims: HISTORY.length,
      keys: 3,
      found: 0,
    });
    await expectMoved(target);
  });

  test('is the same by way of a file, and exports as the same bytes again', async () => {
    const target = createMovableStore();
    const text = await textOf(source);
    for (const chunk of [1, 7, 100_000]) {
      const other = createMovableStore();
      await importText(text, other, chunk);
      await expectMoved(other);
    }
    await importText(text, target);
    expect(await textOf(target)).toBe(text);
  });

  test('may be empty', async () => {
    const empty = { log: logOf([]), keys: createMemoryKeyStore() };
    const target = createMovableStore();
    expect(await importText(await textOf(empty), target)).toMatchObject({ events: 0, keys: 0, found: 0 });
    expect(await copyTo(target, empty)).toMatchObject({ events: 0 });
  });

  test('is taken as it is at the call: what is appended meanwhile is left to the next time', async () => {
    let visible = 3;
    const growing = { log: logOf(HISTORY, () => visible), keys };
    const target = createMovableStore();
    const onProgress = () => {
      visible = HISTORY.length;
    };
    await importLog(exportLog(growing, { onProgress }), target);
    await expectMoved(target, HISTORY.slice(0, 3));
    expect(await copyTo(target, growing)).toMatchObject({ events: EVENTS });
    await expectMoved(target);
  });

  test('keeps data to the byte, line separators of other alphabets included', async () => {
    const [first] = HISTORY;
    const [event] = first?.events ?? [];
    if (event === undefined) throw new Error('unreachable: the history has events');
    const odd = { ...event, data: '{ "owner":\u2028"Zoë 漢字 \\u0041 \u{1F680}\u0085" }' };
    const link = chainLink('0'.repeat(64), odd.stream, 0, odd);
    const commits = [{ claims: [], events: [{ ...odd, link }] }];
    const target = createMovableStore();
    await importText(await textOf({ log: logOf(commits), keys }), target, 3);
    await expectMoved(target, commits);
  });
});

describe('an interrupted move', () => {
  test('goes on from every commit on, and finds what is there', async () => {
    for (let done = 0; done <= HISTORY.length; done++) {
      const target = createMovableStore();
      const begun = HISTORY.slice(0, done);
      for (const { events, claims } of begun) await appendAs(target, events, claims);
      const found = begun.flatMap(({ events }) => events).length;
      expect(await copyTo(target)).toMatchObject({ events: EVENTS, found });
      await expectMoved(target);
    }
  });

  test('goes on where it ended among the keys', async () => {
    const target = createMovableStore();
    await copyTo(target, { log: source.log, keys: createMemoryKeyStore() });
    for await (const [entry] of keys.entries()) {
      if (entry?.kind === 'key') await target.keys.addEntries([entry]);
    }
    await copyTo(target);
    await expectMoved(target);
  });

  test('is whole after faults at any appends, also where nobody knows their outcome', async () => {
    const faults = fc.array(
      fc.constantFrom(
        { kind: 'unknown', written: true } as const,
        { kind: 'unknown', written: false } as const,
        { kind: 'refused', code: 'overloaded' } as const,
        { kind: 'refused', code: 'store-unavailable' } as const,
      ),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(faults, fc.boolean(), async (wanted, patient) => {
        const target = createMovableStore((store) => {
          const faulty = withFaults(store);
          faulty.failAppends(...wanted);
          return faulty;
        });
        const move = () => copyTo(target, source, { patience: patient ? 10_000 : 0 });
        let attempts = 1;
        while (!(await succeeds(move))) attempts++;
        expect(attempts).toBeLessThanOrEqual(patient ? 1 : wanted.length + 1);
        await expectMoved(target);
      }),
      { numRuns: 20 },
    );
  });

  test('waits for keys whose store is away for a moment', async () => {
    const target = createMovableStore();
    let isAway = true;
    const away: KeyStore = {
      ...target.keys,
      async addEntries(entries) {
        if (!isAway) return await target.keys.addEntries(entries);
        isAway = false;
        throw new EventSourcingError('store-unavailable', 'The store is away.');
      },
    };
    await copyTo({ ...target, keys: away }, source, { patience: 10_000 });
    await expectMoved(target);
  });

  test('can be repeated when it was whole', async () => {
    const target = createMovableStore();
    await copyTo(target);
    expect(await copyTo(target)).toMatchObject({ events: EVENTS, found: EVENTS });
    await expectMoved(target);
  });

  test('takes along what was destroyed at the source since', async () => {
    const target = createMovableStore();
    await copyTo(target);
    await keys.destroyKey('ada');
    await copyTo(target);
    expect(await target.keys.key('ada')).toBe('destroyed');
  });
});

const succeeds = (work: () => Promise<unknown>): Promise<boolean> =>
  work().then(
    () => true,
    () => false,
  );

async function appendAs(
  { store }: MovableStore,
  events: RecordedCommit['events'],
  claims: RecordedCommit['claims'],
): Promise<void> {
  const streams = [...new Set(events.map(({ stream }) => stream))].map((stream) => {
    const own = events.filter((event) => event.stream === stream);
    const first = own[0]?.revision ?? 0;
    return { stream, expected: first === 0 ? ('no-stream' as const) : first - 1, events: own };
  });
  await store.append({ streams, claims });
}

describe('a target that is not empty', () => {
  test('is refused with another log, and not changed', async () => {
    const target = createMovableStore();
    const [other] = claimedCrates([[1]]);
    if (other !== undefined) await appendAs(target, other.events, other.claims);
    await expect(copyTo(target)).rejects.toMatchObject({
      code: 'import-refused',
      message: expect.stringContaining('another log'),
    });
    expect(target.commits).toHaveLength(1);
    expect(await target.keys.isEmpty()).toBe(true);
  });

  test('is refused with the same events and other claims', async () => {
    const target = createMovableStore();
    const [first] = HISTORY;
    if (first !== undefined) await appendAs(target, first.events, []);
    await expect(copyTo(target)).rejects.toMatchObject({ code: 'import-refused' });
  });

  test('is refused with more than is moved', async () => {
    const target = createMovableStore();
    await copyTo(target);
    const shorter = { log: logOf(HISTORY.slice(0, 4)), keys };
    await expect(copyTo(target, shorter)).rejects.toMatchObject({
      code: 'import-refused',
      message: expect.stringContaining('holds more'),
    });
    await expectMoved(target);
  });

  test('is refused with keys of its own', async () => {
    const target = createMovableStore();
    await target.keys.addSecret('request-hash', Buffer.from('mine'));
    await expect(copyTo(target)).rejects.toMatchObject({ code: 'import-refused' });
    expect(target.commits).toHaveLength(0);
  });
});

describe('an export that is not what was written', () => {
  let text: string;
  let lines: readonly string[];
  beforeEach(async () => {
    text = await textOf(source);
    lines = text.trimEnd().split('\n');
  });
  const joined = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');

  /** Refused, with everything before the line taken in, and nothing from it on. */
  async function expectRefused(damaged: string, line: number, message: RegExp): Promise<void> {
    const target = createMovableStore();
    await expect(importText(damaged, target)).rejects.toMatchObject({
      code: 'export-damaged',
      message: expect.stringMatching(message),
    });
    const before = Math.max(0, Math.min(HISTORY.length, line - 2));
    expect(withoutPositions(target.commits)).toEqual(withoutPositions(HISTORY.slice(0, before)));
  }

  test('is refused at the changed line, whatever was changed in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(255), async (place, byte) => {
        const bytes = Buffer.from(text);
        const at = place % bytes.length;
        // What ends a line is another case.
        fc.pre(bytes[at] !== 10 && byte !== 10 && bytes[at] !== byte);
        bytes[at] = byte;
        const line = bytes.subarray(0, at).filter((each) => each === 10).length + 1;
        const target = createMovableStore();
        await expect(
          importLog(importedItems(chunksOf(bytes)), target, { patience: 0 }),
        ).rejects.toMatchObject({
          code: 'export-damaged',
          message: expect.stringMatching(line === 1 ? /Line 1|no export/ : new RegExp(`Line ${line} `)),
        });
        expect(target.commits).toHaveLength(Math.max(0, Math.min(HISTORY.length, line - 2)));
      }),
    );
  });

  test('is refused where it is cut, at every length', async () => {
    for (let length = 0; length < text.length - 1; length += 13) {
      const target = createMovableStore();
      await expect(importText(text.slice(0, length), target)).rejects.toMatchObject({
        code: 'export-damaged',
      });
    }
    for (let count = 1; count < lines.length; count++) {
      await expectRefused(joined(lines.slice(0, count)), count + 1, /its end is missing/);
    }
  });

  test('is refused at a line that is there twice, left out, or in another place', async () => {
    for (let at = 1; at < lines.length - 1; at++) {
      const [before, line, after] = [lines.slice(0, at), lines[at] ?? '', lines.slice(at + 1)];
      await expectRefused(joined([...before, line, line, ...after]), at + 2, new RegExp(`Line ${at + 2} `));
      await expectRefused(joined([...before, ...after]), at + 1, new RegExp(`Line ${at + 1} `));
      const [next = '', ...rest] = after;
      await expectRefused(joined([...before, next, line, ...rest]), at + 1, new RegExp(`Line ${at + 1} `));
    }
  });

  test('is refused where something follows its end', async () => {
    await expectRefused(`${text}{}\n`, lines.length + 1, new RegExp(`Line ${lines.length + 1} `));
  });

  test('is refused where it is none, and where its version is not known', async () => {
    await expectRefused('', 1, /it is empty/);
    await expectRefused('{"hello":"world"}\n', 1, /first line/);
    const sealed = createLineSealing();
    const later = `${sealed('{"format":"event log","version":2}')}\n`;
    await expect(importText(later, createMovableStore())).rejects.toMatchObject({
      code: 'import-refused',
      message: expect.stringContaining('version 2'),
    });
  });

  /** The lines as somebody would write them who can make seals. */
  function sealedAgain(change: (json: string, line: number) => string): string {
    const [opened, sealed] = [createLineOpening(), createLineSealing()];
    return joined(lines.map((line, at) => sealed(change(opened(line), at + 1))));
  }

  test('is refused by its chain where it was sealed again', async () => {
    const changed = sealedAgain((json, line) =>
      line === 4 ? json.replace('CrateWeighed', 'CrateLeft') : json,
    );
    expect(changed).not.toBe(text);
    await expectRefused(changed, 4, /line 4, .*its link is not/);
  });

  test('is refused where a claim is taken twice', async () => {
    const changed = sealedAgain((json, line) => (line === 6 ? json.replace('claim-4', 'claim-1') : json));
    const target = createMovableStore();
    await expect(importText(changed, target)).rejects.toMatchObject({
      code: 'import-refused',
      message: expect.stringMatching(/line 6.*claim-1 is taken/),
    });
    expect(target.commits).toHaveLength(4);
  });

  test('is refused where the end counts otherwise', async () => {
    const changed = sealedAgain((json) => json.replace('"claims":8', '"claims":9'));
    await expect(importText(changed, createMovableStore())).rejects.toMatchObject({
      code: 'export-damaged',
      message: expect.stringContaining('8 claims, and says 9'),
    });
  });
});

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe('a source that is damaged', () => {
  test('is not exported past the damage', async () => {
    const changed = HISTORY.map(({ claims, events }, at) => ({
      claims,
      events: at === 5 ? events.map((event) => ({ ...event, data: '{"grams":"7"}' })) : events,
    }));
    await expect(textOf({ log: logOf(changed), keys })).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('its link is not'),
    });
    const log = logOf(HISTORY);
    const torn: ExportSource['log'] = {
      ...log,
      commits(stretch, findings = createFindings()) {
        findings.add('event-damaged', 'position 7', 'its checksum is another');
        return log.commits(stretch, findings);
      },
    };
    await expect(textOf({ log: torn, keys })).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('position 7'),
    });
  });
});
