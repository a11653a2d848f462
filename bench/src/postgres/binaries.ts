import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian and Ubuntu put the server's programs, in a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';
/** What Debian 12 has, and what figures are compared on. */
const PREFERRED = '15';

/**
 * The folder of `initdb`, `postgres` and `pg_ctl`: the one that `OPENBANK_BENCH_POSTGRESQL` names, or the installed one.
 *
 * @throws Error - there is none: says what to install
 */
export function postgresBinaries(): string {
  const found = candidates().find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined) throw new Error(MISSING);
  return found;
}

const MISSING =
  "PostgreSQL's server, which is measured beside the kit, is not installed. Install it (Debian, Ubuntu: apt-get install --no-install-recommends postgresql-15), or name the folder of its initdb in OPENBANK_BENCH_POSTGRESQL, and run this again, or name only parts that do not need it.";

function candidates(): readonly string[] {
  const named = process.env.OPENBANK_BENCH_POSTGRESQL;
  if (named !== undefined && named !== '') return [named];
  const onPath = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return [...debianVersions().map((version) => join(DEBIAN, version, 'bin')), ...onPath];
}

/** The preferred one first, then the newest. */
function debianVersions(): readonly string[] {
  if (!existsSync(DEBIAN)) return [];
  const others = readdirSync(DEBIAN).filter((version) => version !== PREFERRED);
  return [PREFERRED, ...others.sort((a, b) => Number(b) - Number(a))];
}
