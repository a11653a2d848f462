import { resolve } from 'node:path';
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

  test('by KurrentDB and the directory that holds the rest', () => {
    const address = parseBankAddress('esdb://localhost:2113?tls=false,/var/lib/openbank');
    expect(address).toEqual({
      data: '/var/lib/openbank',
      eventStore: { engine: 'kurrentdb', text: 'esdb://localhost:2113?tls=false' },
      readStore: FILES,
    });
    expect(holdsSecret(address)).toBe(false);
    expect(nameOfBank(address)).toBe('esdb://localhost:2113?tls=false and /var/lib/openbank');
  });

  test.each([
    '',
    'kurrentdb://localhost:2113',
    'kurrentdb://a:1,b:2',
    'mongodb://localhost',
    'http://localhost',
    'kurrentdb://localhost:2113,',
  ])('in no other way: %j', (text) => {
    expect(() => parseBankAddress(text)).toThrow(/^give /);
  });
});
