import { misconfigured } from './misconfigured.ts';

const SCHEME = /^mongodb(\+srv)?:\/\//;

/** The database where the connection string names none. */
const DEFAULT_DATABASE = 'openbank';

/**
 * A connection string as it may be shown: without user and password, and without options, where secrets may stand too.
 */
export function redacted(connectionString: string): string {
  const scheme = SCHEME.exec(connectionString)?.[0];
  if (scheme === undefined) return 'a connection string that does not begin with mongodb://';
  const rest = connectionString.slice(scheme.length);
  // Of a password that was not encoded, or of an option: nobody can tell.
  if (/[?#].*@/s.test(rest)) return `${scheme}...`;
  return `${scheme}${rest.slice(rest.lastIndexOf('@') + 1).replace(/[?#].*$/s, '')}`;
}

/** What MongoDB takes in the name of a database: https://www.mongodb.com/docs/manual/reference/limits/ */
const DATABASE_NAME = /^[^/\\. "$*<>:|?\0]{1,63}$/;

/**
 * The database that a connection string names in its path. The driver has read the string: what a user or a password
 * holds is percent-encoded, an option may hold anything.
 *
 * @throws EventSourcingError `store-misconfigured` - there can be none of this name
 */
export function databaseNameOf(connectionString: string): string {
  const path = /^[^/?#]*\/([^?#]+)/.exec(connectionString.replace(SCHEME, ''))?.[1];
  const name = path === undefined ? DEFAULT_DATABASE : decodeURIComponent(path);
  if (DATABASE_NAME.test(name)) return name;
  throw misconfigured(
    `${redacted(connectionString)} names a database that MongoDB cannot have: use letters and -.`,
  );
}
