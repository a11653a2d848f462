import { describe, expect, it } from 'vitest';
import { holdsPassword, parseEventStore, parseReadStore, withoutPassword } from './store-address.ts';

describe('the address of a store', () => {
  it.each([
    ['sqlite', 'sqlite'],
    ['kurrentdb://localhost:2113?tls=false', 'kurrentdb'],
    ['esdb://a:1,b:2,c:3', 'kurrentdb'],
    ['kurrentdb+discover://cluster:2113', 'kurrentdb'],
  ])('of events may be %s', (text, engine) => expect(parseEventStore(text)).toEqual({ engine, text }));

  it.each([
    ['sqlite', 'sqlite'],
    ['mongodb://localhost:27017/openbank', 'mongodb'],
    ['mongodb+srv://cluster/openbank', 'mongodb'],
  ])('of read models may be %s', (text, engine) => expect(parseReadStore(text)).toEqual({ engine, text }));

  it.each(['', 'kurrentdb', 'kurrentdb://', 'mongodb://x', 'postgres://x'])('of events is not %j', (text) =>
    expect(() => parseEventStore(text)).toThrow(/give sqlite, or .*kurrentdb:/),
  );

  it.each(['', 'mongodb', 'mongodb://', 'kurrentdb://x'])('of read models is not %j', (text) =>
    expect(() => parseReadStore(text)).toThrow(/give sqlite, or .*mongodb:/),
  );

  it.each([
    ['kurrentdb://admin:changeit@host:2113', 'kurrentdb://***@host:2113'],
    ['mongodb://bank:p@ss@host/openbank?w=1', 'mongodb://***@host/openbank?w=1'],
    ['mongodb://bank:pa/ss@host/openbank', 'mongodb://***@host/openbank'],
    ['kurrentdb://admin:pa?s/s@host:2113', 'kurrentdb://***@host:2113'],
    [
      'mongodb://host/db?tlsCertificateKeyFilePassword=a/b&w=1',
      'mongodb://host/db?tlsCertificateKeyFilePassword=***&w=1',
    ],
    ['mongodb://host/?proxyPassword=secret', 'mongodb://host/?proxyPassword=***'],
    [
      'mongodb://host/?authMechanismProperties=A:b,AWS_SESSION_TOKEN:secret',
      'mongodb://host/?authMechanismProperties=A:b,AWS_SESSION_TOKEN:***',
    ],
  ])('never shows the password of %s', (text, shown) => {
    expect(holdsPassword(text)).toBe(true);
    expect(withoutPassword(text)).toBe(shown);
  });

  it.each(['sqlite', 'kurrentdb://host:2113?tls=false', 'mongodb://user@host/openbank?a=b:c@d'])(
    'finds no password in %s',
    (text) => expect(holdsPassword(text)).toBe(false),
  );
});
