import { ReadModelRefused } from './errors.ts';
import type { Projection } from './projection.ts';

/**
 * Whether what a projection declares fits together, as far as a store would not notice.
 *
 * @throws ReadModelRefused
 */
export function checkProjection({ name, version, order, fields, previous }: Projection): void {
  if (order === 'log' && fields.position !== 'text') {
    throw new ReadModelRefused(
      `${name} is fed in the order of the log: declare a text field "position" in it.`,
    );
  }
  const before = previous?.projection;
  if (before !== undefined && (before.name !== name || before.version >= version)) {
    throw new ReadModelRefused(
      `The previous version of ${name} version ${version} cannot be ${before.name} version ${before.version}.`,
    );
  }
}
