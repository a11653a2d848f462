import { describe, expect, test } from 'vitest';
import { databaseNameOf, redacted } from './connection-string.ts';

describe('a connection string that is shown', () => {
  test.each([
    ['mongodb://h1,h2:27018/bank?replicaSet=rs0', 'mongodb://h1,h2:27018/bank'],
    ['mongodb://ann:s3cret@h1/bank', 'mongodb://h1/bank'],
    ['mongodb://ann:s3/cr@t@h1/bank', 'mongodb://h1/bank'],
    ['mongodb://ann:s3cr?t@h1/bank', 'mongodb://...'],
    ['mongodb://h1/bank?proxyPassword=s3@cret', 'mongodb://...'],
    ['mongodb+srv://ann:s3cret@cluster.example.org', 'mongodb+srv://cluster.example.org'],
    ['mongodb://h1/?authMechanismProperties=AWS_SESSION_TOKEN:s3cret', 'mongodb://h1/'],
  ])('%s has neither user nor password nor options', (connectionString, shown) => {
    expect(redacted(connectionString)).toBe(shown);
  });

  test('that is none is not repeated', () => {
    expect(redacted('ann:s3cret@h1')).not.toContain('s3cret');
  });
});

describe('the database', () => {
  test.each([
    ['mongodb://h1/bank', 'bank'],
    ['mongodb://ann:s3cret@h1:27017,h2/my%2Dbank?w=1', 'my-bank'],
    ['mongodb://h1', 'openbank'],
    ['mongodb://h1/?replicaSet=rs0', 'openbank'],
    ['mongodb://h1?replicaSet=rs0', 'openbank'],
    ['mongodb://ann:s3cret@h1/bank?appName=me@home', 'bank'],
    ['mongodb://ann:s3%2Fcr%40t@h1/bank?readPreferenceTags=dc:a/b@c', 'bank'],
  ])('of %s is %s', (connectionString, name) => {
    expect(databaseNameOf(connectionString)).toBe(name);
  });

  test.each(['mongodb://ann:s3cret@h1/a.b', 'mongodb://ann:s3cret@h1/a/b', 'mongodb://ann:s3cret@h1/$x'])(
    'of %s there cannot be',
    (connectionString) => {
      const name = () => databaseNameOf(connectionString);
      expect(name).toThrow(expect.objectContaining({ code: 'store-misconfigured' }));
      expect(name).not.toThrow(/s3cret/);
    },
  );
});
