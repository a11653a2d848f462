import { isHandshake } from '../commands/registry.ts';

/** What goes wrong with a command. */
export type Fault =
  /** The connection is cut and nothing was done. */
  | { readonly kind: 'cut-before' }
  /** All was done, and the connection is cut instead of an answer. */
  | { readonly kind: 'cut-after' }
  /** All was done, and no answer ever comes. */
  | { readonly kind: 'silence' }
  /** The answer comes so many milliseconds late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Nothing was done: the member is no longer the primary (10107, to be tried again). */
  | { readonly kind: 'not-primary' }
  /** Nothing was done: any other error. */
  | {
      readonly kind: 'error';
      readonly code: number;
      readonly codeName: string;
      readonly labels?: readonly string[];
    };

export interface FaultRule {
  readonly fault: Fault;
  /** Names of commands, such as `update`. Default: all but the handshake. */
  readonly commands?: readonly string[];
  /** How many of these go well before. Default 0. */
  readonly after?: number;
  /** How many then go wrong. Default 1. */
  readonly times?: number;
}

/** Faults that wait for their commands. */
export interface Faults {
  inject(rule: FaultRule): void;
  clear(): void;
  /** The fault of this command, if one is due. */
  take(command: string): Fault | undefined;
}

interface Pending {
  readonly rule: FaultRule;
  after: number;
  times: number;
}

export function createFaults(): Faults {
  const pending = new Set<Pending>();
  return {
    inject: (rule) => void pending.add({ rule, after: rule.after ?? 0, times: rule.times ?? 1 }),
    clear: () => pending.clear(),
    take(command) {
      for (const one of pending) {
        if (!concerns(one.rule, command)) continue;
        if (one.after > 0) {
          one.after--;
          continue;
        }
        one.times--;
        if (one.times <= 0) pending.delete(one);
        return one.rule.fault;
      }
      return undefined;
    },
  };
}

function concerns({ commands }: FaultRule, command: string): boolean {
  return commands === undefined ? !isHandshake(command) : commands.includes(command);
}
