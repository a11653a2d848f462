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

/** The database that a connection string names in its path. */
export function databaseNameOf(connectionString: string): string {
  const path = /^[^/]*\/(.+)$/.exec(redacted(connectionString).replace(SCHEME, ''))?.[1];
  return path === undefined ? DEFAULT_DATABASE : decodeURIComponent(path);
}
