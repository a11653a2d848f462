import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, type Flags, readConfig } from './config.ts';

const TOKEN = 'a-token-of-some-length';

describe('configuration', () => {
  it('has a default for everything that is no secret', () => {
    const config = readConfig({}, {});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8899, currency: 'USD' });
    expect(config).toMatchObject({ eventStore: { engine: 'sqlite' }, readStore: { engine: 'sqlite' } });
    expect(config).toMatchObject({ snapshotEvery: 100, snapshotKeep: 10, cacheMb: 192, readCacheMb: 32 });
    expect(config.data).toMatch(/\/\.openbank$/);
    expect(config.token).toBeUndefined();
    expect(config.masterKey).toBeUndefined();
  });

  it('takes a flag before a variable, and counts an empty variable as absent', () => {
    expect(readConfig({ port: '1' }, { OPENBANK_PORT: '2' }).port).toBe(1);
    expect(readConfig({}, { OPENBANK_PORT: '2' }).port).toBe(2);
    expect(readConfig({}, { OPENBANK_PORT: '', OPENBANK_TOKEN: '' })).toMatchObject({
      port: 8899,
      token: undefined,
    });
  });

  it.each<[Flags, Environment, RegExp]>([
    [{ port: '70000' }, {}, /^--port \(OPENBANK_PORT\) .*0 to 65535/],
    [{ port: '' }, {}, /^--port/],
    [{}, { OPENBANK_PORT: '80a' }, /^--port \(OPENBANK_PORT\)/],
    [{ host: 'a b' }, {}, /^--host \(OPENBANK_HOST\)/],
    [{ eventStore: 'postgres://x' }, {}, /^--event-store \(OPENBANK_EVENT_STORE\) .*kurrentdb:/],
    [{ readStore: 'postgres://x' }, {}, /^--read-store \(OPENBANK_READ_STORE\) .*mongodb:/],
    [{ eventStore: 'esdb://a:hush@x' }, {}, /^--event-store .*password.*set OPENBANK_EVENT_STORE instead/],
    [{ readStore: 'mongodb://a:hush@x' }, {}, /^--read-store .*password.*set OPENBANK_READ_STORE instead/],
    [{ currency: 'usd' }, {}, /^--currency \(OPENBANK_CURRENCY\)/],
    [{ snapshotEvery: '-1' }, {}, /^--snapshot-every \(OPENBANK_SNAPSHOT_EVERY\) .*0 to 1000000/],
    [{ snapshotKeep: '0' }, {}, /^--snapshot-keep \(OPENBANK_SNAPSHOT_KEEP\) .*1 to 1000/],
    [{}, { OPENBANK_CACHE_MB: '1e3' }, /^--cache-mb \(OPENBANK_CACHE_MB\) .*1 to 100000/],
    [{ readCacheMb: 'some' }, {}, /^--read-cache-mb \(OPENBANK_READ_CACHE_MB\) .*0 to 100000/],
    [{ logLevel: 'loud' }, {}, /^--log-level \(OPENBANK_LOG_LEVEL\) .*info/],
    [{}, { OPENBANK_TOKEN: 'short' }, /^OPENBANK_TOKEN .*16/],
    [{}, { OPENBANK_MASTER_KEY: 'xyz' }, /^OPENBANK_MASTER_KEY .*32 random bytes/],
  ])('refuses %j %j naming flag and variable and saying what to do', (flags, environment, message) => {
    expect(() => readConfig(flags, environment)).toThrow(message);
  });

  it('names everything that is wrong at once and repeats no secret', () => {
    let error: unknown;
    try {
      readConfig({ port: 'x', readStore: 'mongodb://a:hush@x' }, { OPENBANK_TOKEN: 'hush' });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect(error instanceof ConfigError && error.problems).toHaveLength(3);
    expect(String(error)).not.toContain('hush');
  });

  it('takes passwords of stores from the environment', () => {
    const variables = { OPENBANK_EVENT_STORE: 'kurrentdb://a:b@x', OPENBANK_READ_STORE: 'mongodb://a:b@x' };
    expect(readConfig({}, variables)).toMatchObject({
      eventStore: { engine: 'kurrentdb', text: 'kurrentdb://a:b@x' },
      readStore: { engine: 'mongodb', text: 'mongodb://a:b@x' },
    });
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'bank.example'])(
    'refuses to listen on %s without a token',
    (host) => {
      expect(() => readConfig({ host }, {})).toThrow(/--host \(OPENBANK_HOST\) .*OPENBANK_TOKEN/);
      expect(readConfig({ host }, { OPENBANK_TOKEN: TOKEN }).host).toBe(host);
    },
  );

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('listens on %s without a token', (host) => {
    expect(readConfig({ host }, {}).host).toBe(host);
  });

  it.each(['0a'.repeat(32), `${'a'.repeat(43)}=`])('takes the master key %s', (key) => {
    expect(readConfig({}, { OPENBANK_MASTER_KEY: key }).masterKey).toBe(key);
  });
});
