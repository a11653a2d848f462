import { EventSourcingError } from '@openbank/eventsourcing';
import { describe, expect, test } from 'vitest';
import { readConnectionString, redacted } from './connection-string.ts';

describe('connection string', () => {
  test.each([
    ['esdb://localhost:2113?tls=false', 'kurrentdb://localhost:2113?tls=false'],
    ['kurrentdb://localhost', 'kurrentdb://localhost'],
    ['kurrentdb://localhost/?tls=false', 'kurrentdb://localhost?tls=false'],
    [
      'kdb://a:1,b:2,c:3/?TLS=true&node-preference=leader',
      'kurrentdb://a:1,b:2,c:3?tls=true&nodePreference=leader',
    ],
    ['esdb+discover://cluster.example:2113', 'kurrentdb+discover://cluster.example:2113'],
    [' kurrentdb+discover://cluster.example ', 'kurrentdb+discover://cluster.example'],
    ['kurrent://h?tlsCAFile=%2Fca%20s.pem', 'kurrentdb://h?tlsCAFile=%2Fca%20s.pem'],
  ])('reads %s', (given, text) => {
    expect(readConnectionString(given)).toEqual({ text, shown: text, credentials: undefined });
  });

  test('takes user and password out, decoded, and shows the user only', () => {
    expect(readConnectionString('esdb://admin:p%40ss:w@h:2113')).toEqual({
      text: 'kurrentdb://h:2113',
      shown: 'kurrentdb://admin:***@h:2113',
      credentials: { username: 'admin', password: 'p@ss:w' },
    });
    expect(redacted('kurrentdb://admin:secret@h:2113')).toBe('kurrentdb://admin:***@h:2113');
  });

  test('sends no password where nothing encrypts it', () => {
    expect(readConnectionString('esdb://admin:changeit@h:2113?tls=false')).toEqual({
      text: 'kurrentdb://h:2113?tls=false',
      shown: 'kurrentdb://h:2113?tls=false',
      credentials: undefined,
    });
  });

  test.each([
    ['', 'begins with kurrentdb://'],
    ['secret', 'begins with kurrentdb://'],
    ['http://admin:secret@h:2113', 'begins with kurrentdb://'],
    ['kurrentdb+secret://h', 'begins with kurrentdb://'],
    ['kurrentdb://', 'host:port'],
    ['kurrentdb://admin:secret', 'host:port'],
    ['kurrentdb://admin:sec/ret@h:2113', 'hosts'],
    ['kurrentdb://admin:sec?ret@h:2113', 'host:port'],
    ['kurrentdb://admin:1?secret=1@h:2113', 'options are'],
    ['kurrentdb://admin:%secret@h:2113', '%25'],
    ['kurrentdb://secret@h:2113', 'user:password'],
    ['kurrentdb://h:0', 'host:port'],
    ['kurrentdb://h:2113?secret=1', 'options are tls, '],
    ['kurrentdb://h:2113?tls=secret', 'tls must be true or false'],
    ['kurrentdb://h:2113?defaultDeadline=secret', 'defaultDeadline must be a number'],
  ])('refuses %s, says how it is written, and repeats nothing that may be a secret', (given, said) => {
    let refusal: unknown;
    try {
      readConnectionString(given);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(EventSourcingError);
    expect(refusal).toMatchObject({ code: 'store-misconfigured', message: expect.stringContaining(said) });
    expect(`${refusal}`).not.toContain('secret');
    expect(redacted(given)).not.toContain('secret');
  });

  test('refuses options under which conflicts look like successes, or appends go to followers', () => {
    const refused = (option: string) => () => readConnectionString(`kurrentdb://h?${option}`);
    expect(refused('throwOnAppendFailure=false')).toThrow('throwOnAppendFailure must be true');
    expect(refused('nodePreference=follower')).toThrow('nodePreference must be leader');
  });
});
