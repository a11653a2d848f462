import { misconfigured } from './misconfigured.ts';

/** A connection string that has been read and found right. */
export interface ConnectionString {
  /** As the client takes it: without user and password, which it writes into its debugging output. */
  readonly text: string;
  /** For logs: with the user, without the password. */
  readonly shown: string;
  /** Undefined where there are none, or nothing would encrypt them. */
  readonly credentials: Credentials | undefined;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads `kurrentdb://user:password@host:port,host:port?tls=true`, or `kurrentdb+discover://` for one DNS name of a cluster; also
 * with `esdb`, `kurrent` or `kdb`. Stricter than the client, which warns of unknown options by printing the whole string,
 * password included. A password is percent-encoded where it holds any of `:/?#@`.
 *
 * @throws EventSourcingError `store-misconfigured` - with a message that shows nothing of user and password
 */
export function readConnectionString(given: string): ConnectionString {
  const [, scheme = '', rest = ''] = /^([a-z+]+):\/\/(.*?)\/?$/i.exec(given.trim()) ?? refuse(NO_SCHEME);
  const discover = readScheme(scheme);
  const [, authority = '', query = ''] = /^([^/?#]*)\/?(?:\?(.*))?$/.exec(rest) ?? refuse(NO_AUTHORITY);
  const at = authority.lastIndexOf('@');
  const hosts = readHosts(authority.slice(at + 1));
  const options = readOptions(query);
  // Without TLS the client drops credentials, and so does this: its reads would send them in the clear.
  const credentials = at < 0 || options.get('tls') === 'false' ? undefined : readCredentials(authority, at);
  const start = `kurrentdb${discover}://`;
  const tail = `${hosts}${options.size === 0 ? '' : `?${asQuery(options)}`}`;
  const user = credentials === undefined ? '' : `${encodeURIComponent(credentials.username)}:***@`;
  return { text: start + tail, shown: start + user + tail, credentials };
}

/** A connection string for logs: without its password; nothing of one that cannot be read. */
export function redacted(given: string): string {
  try {
    return readConnectionString(given).shown;
  } catch {
    return '(a connection string that cannot be read)';
  }
}

const SCHEMES = ['kurrentdb', 'kurrent', 'kdb', 'esdb'];

function readScheme(scheme: string): '' | '+discover' {
  const [name = '', ...rest] = scheme.toLowerCase().split('+');
  const isKnown = SCHEMES.includes(name) && ['', 'discover'].includes(rest.join('+'));
  if (!isKnown) refuse(NO_SCHEME);
  return rest.length === 0 ? '' : '+discover';
}

function readCredentials(authority: string, at: number): Credentials {
  const [, user = '', password = ''] = /^([^:]+):(.+)$/.exec(authority.slice(0, at)) ?? refuse(NO_PASSWORD);
  return { username: decoded(user), password: decoded(password) };
}

/** Nothing of a host is repeated: what is taken for one may be half of a password. */
function readHosts(hosts: string): string {
  for (const host of hosts.split(',')) {
    const [, port = '2113'] = /^[\p{L}\p{N}._-]+(?::(\d{1,5}))?$/u.exec(host) ?? refuse(NO_HOST);
    if (Number(port) < 1 || Number(port) > 65_535) refuse(NO_HOST);
  }
  return hosts;
}

const isBoolean = (value: string) => value === 'true' || value === 'false';
const isNumber = (value: string) => /^\d{1,9}$/.test(value);
const isText = (value: string) => value.length > 0;

/** The client's options, with what each may be. */
const OPTIONS: Readonly<Record<string, readonly [isRight: (value: string) => boolean, must: string]>> = {
  tls: [isBoolean, 'true or false'],
  tlsVerifyCert: [isBoolean, 'true or false'],
  tlsCAFile: [isText, 'a path'],
  userCertFile: [isText, 'a path'],
  userKeyFile: [isText, 'a path'],
  connectionName: [isText, 'a name'],
  defaultDeadline: [isNumber, 'a number of milliseconds'],
  // The client prints a warning of less.
  keepAliveInterval: [(value) => isNumber(value) && Number(value) >= 10_000, '10000 milliseconds or more'],
  keepAliveTimeout: [isNumber, 'a number of milliseconds'],
  maxDiscoverAttempts: [isNumber, 'a number'],
  discoveryInterval: [isNumber, 'a number of milliseconds'],
  gossipTimeout: [isNumber, 'a number of seconds'],
  // Appends go to the leader, and one client has one connection: with another preference each would be sent on.
  nodePreference: [(value) => value.toLowerCase() === 'leader', 'leader'],
  // Off, the client answers a conflict as if it were a success.
  throwOnAppendFailure: [(value) => value === 'true', 'true'],
};

const NAMES = new Map(Object.keys(OPTIONS).map((name) => [flat(name), name]));

/** The client takes names of options in any case, with hyphens and underscores. */
function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '');
}

function readOptions(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((each) => each.length > 0)) {
    const [given = '', ...rest] = pair.split('=');
    const name = NAMES.get(flat(given)) ?? refuse(`its options are ${[...NAMES.values()].join(', ')}`);
    const value = decoded(rest.join('=')).trim();
    const [isRight, must] = OPTIONS[name] ?? refuse(`${name} is no option`);
    if (!isRight(value)) refuse(`${name} must be ${must}`);
    options.set(name, value);
  }
  return options;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return refuse('user, password and values of options are percent-encoded: write % as %25');
  }
}

function asQuery(options: ReadonlyMap<string, string>): string {
  return [...options].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

const NO_SCHEME = 'it begins with kurrentdb://, kurrentdb+discover:// or esdb://';
const NO_AUTHORITY = 'after the hosts comes ?option=value&option=value';
const NO_HOST =
  'after user:password@ come host:port, separated by commas; a password is percent-encoded where it holds any of :/?#@';
const NO_PASSWORD = 'before the @ come user:password';

function refuse(what: string): never {
  throw misconfigured(`The connection string of KurrentDB cannot be read: ${what}.`);
}
