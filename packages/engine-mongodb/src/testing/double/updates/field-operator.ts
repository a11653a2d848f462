import type { Become } from './set-path.ts';

/** An update operator on one field. */
export interface FieldOperator {
  /** Whether a path that is not there is created. */
  readonly create: boolean;
  become(operand: unknown, path: string, now: Date): Become;
}
