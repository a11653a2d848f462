import { isDuplicateKey } from './mongo-error.ts';

/** More often than this nobody loses against others who insert the same. */
const ATTEMPTS = 10;

/**
 * Repeats an upsert that another one has overtaken: of two that find nothing and insert the same id, MongoDB refuses one
 * with a duplicate key. The next attempt finds what is there.
 */
export async function upserted<Result>(upsert: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await upsert();
    } catch (error) {
      if (!isDuplicateKey(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
