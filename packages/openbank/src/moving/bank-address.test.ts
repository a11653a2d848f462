import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesIn, holdsSecret, isSameBank, nameOfBank, parseBankAddress } from './bank-address.ts';

const FILES = { engine: 'sqlite', text: 'sqlite' };

describe('a bank is named', () => {
  test('by its data directory', () => {
    expect(parseBankAddress('./there')).toEqual({
      data: resolve('there'),
      eventStore: FILES,
      readStore: FILES,
    });
    expect(parseBankAddress('/a,b')).toEqual(filesIn('/a,b'));
  });

  test('by its servers, however many hosts each of them has', () => {
    const events = 'kurrentdb+discover://admin:x@a:1,b:2,c:3?tls=true';
    const reads = 'mongodb://bank:y@m1,m2,m3/openbank?replicaSet=rs0';
    const address = parseBankAddress(`${events},${reads}`);
    expect(address).toMatchObject({
      eventStore: { engine: 'kurrentdb', text: events },
      readStore: { engine: 'mongodb', text: reads },
    });
    expect(holdsSecret(address)).toBe(true);
    expect(nameOfBank(address)).toBe(
      'kurrentdb+discover://***@a:1,b:2,c:3?tls=true and mongodb://***@m1,m2,m3/openbank?replicaSet=rs0',
    );
    expect(isSameBank(address, parseBankAddress(`${events},mongodb://elsewhere`))).toBe(true);
    expect(isSameBank(address, filesIn('/a'))).toBe(false);
  });

  test('by one name or by another, and is the same bank', () => {
    const bank = parseBankAddress('kurrentdb://admin:x@One,two:2114?tls=false,mongodb://m/a');
    for (const name of ['esdb://one:2113', 'kurrentdb+discover://three:1,TWO:2114/?tls=true']) {
      expect(isSameBank(bank, parseBankAddress(`${name},/elsewhere`))).toBe(true);
    }
    expect(isSameBank(bank, parseBankAddress('kurrentdb://two,mongodb://m/a'))).toBe(false);
    const root = mkdtempSync(join(tmpdir(), 'openbank-address-'));
    try {
      mkdirSync(join(root, 'bank'));
      symlinkSync(join(root, 'bank'), join(root, 'link'));
      expect(isSameBank(filesIn(join(root, 'bank')), filesIn(join(root, 'link')))).toBe(true);
      expect(isSameBank(filesIn(join(root, 'bank')), filesIn(join(root, 'new')))).toBe(false);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test('by KurrentDB and the directory that holds the rest', () => {
    const address = parseBankAddress('esdb://localhost:2113?tls=false,/var/lib/openbank');
    expect(address).toEqual({
      data: '/var/lib/openbank',
      eventStore: { engine: 'kurrentdb', text: 'esdb://localhost:2113?tls=false' },
      readStore: FILES,
    });
    expect(holdsSecret(address)).toBe(false);
    expect(nameOfBank(address)).toBe('esdb://localhost:2113?tls=false and /var/lib/openbank');
    expect(parseBankAddress('kurrentdb://a.example:1,b.example:2,./a,b')).toMatchObject({
      data: resolve('./a,b'),
      eventStore: { text: 'kurrentdb://a.example:1,b.example:2' },
    });
  });

  test.each([
    '',
    'kurrentdb://localhost:2113',
    'kurrentdb://a:1,b:2',
    'mongodb://localhost',
    'http://localhost',
    'kurrentdb://localhost:2113,',
    'kurrentdb://a,b',
    'kurrentdb://a.example:2113,b.example:2113?tls=true',
    'kurrentdb://a.example,b.example,c.example/?tls=true',
    'kurrentdb://localhost:2113, mongodb://localhost',
    ' kurrentdb://localhost:2113,mongodb://localhost',
    'kurrentdb:/localhost,mongodb://localhost',
    'kurrentdb:localhost:2113',
  ])('in no other way: %j', (text) => {
    expect(() => parseBankAddress(text)).toThrow(/^give /);
  });
});
