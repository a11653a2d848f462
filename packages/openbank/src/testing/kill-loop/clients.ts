import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, send, type Write } from './call.ts';

/** What the clients know after the run. */
export interface Journal {
  readonly asked: number;
  /** Acknowledged, with the first answer. */
  readonly ok: ReadonlyMap<string, Acknowledged>;
  /** Never sent again, and never acknowledged: must not be there. */
  readonly failed: number;
  /** Of those, the ones that another write came before: that one must be there. */
  readonly refused: ReadonlyMap<string, Write>;
  /** Sent without an answer, and settled later by repeating the key. */
  readonly unknown: number;
  /** Of those, the ones that turned out to have been recorded by the call without an answer. */
  readonly foundRecorded: number;
}

export interface Acknowledged {
  readonly write: Write;
  readonly status: number;
  readonly answer: string;
}

export interface Clients {
  /** Asks no more, waits for what is still open to be settled, and tells. */
  finish(): Promise<Journal>;
}

/**
 * Clients that write as fast as they are answered, each repeating a write whose outcome it does not know until it does.
 *
 * @param address - where the bank is now; undefined while it is down
 * @param nextWrite - a fresh write, with a key of its own, given the last one that was acknowledged
 */
export function startClients(
  count: number,
  address: () => string | undefined,
  nextWrite: (latest: Acknowledged | undefined) => Write,
): Clients {
  const ok = new Map<string, Acknowledged>();
  const refused = new Map<string, Write>();
  let latest: Acknowledged | undefined;
  const counts = { asked: 0, failed: 0, unknown: 0, foundRecorded: 0 };
  let finishing = false;

  async function untilUp(): Promise<string> {
    for (;;) {
      const up = address();
      if (up !== undefined) return up;
      await sleep(5);
    }
  }

  async function settle(write: Write): Promise<void> {
    let outcome = await send(await untilUp(), write);
    if (outcome.kind === 'unknown') counts.unknown++;
    const wasUnknown = outcome.kind === 'unknown';
    while (wasUnknown && outcome.kind !== 'ok') {
      await sleep(5);
      outcome = await send(await untilUp(), write);
      if (isContested(outcome, write)) break;
      if (outcome.kind === 'failed' && isRefusal(outcome)) throw new Error(`${write.key}: ${outcome.reason}`);
    }
    if (isContested(outcome, write)) refused.set(write.key, write);
    if (outcome.kind === 'failed') counts.failed++;
    if (outcome.kind !== 'ok') return;
    if (wasUnknown && outcome.replayed) counts.foundRecorded++;
    if (!wasUnknown && outcome.replayed) throw new Error(`${write.key} was replayed and never sent before`);
    latest = { write, status: outcome.status, answer: outcome.answer };
    ok.set(write.key, latest);
  }

  async function client(): Promise<void> {
    while (!finishing) {
      counts.asked++;
      await settle(nextWrite(latest));
    }
  }

  const running = Promise.all(Array.from({ length: count }, client));
  return {
    async finish() {
      finishing = true;
      await running;
      return { ...counts, ok, refused };
    },
  };
}

/** Another write has what this one wants. */
function isContested(outcome: Outcome, { contested }: Write): boolean {
  return contested !== undefined && outcome.kind === 'failed' && outcome.reason === `422 ${contested}`;
}

/** Else a write of ours breaks no rule: only a bank that has forgotten something refuses it. */
function isRefusal({ reason }: Extract<Outcome, { kind: 'failed' }>): boolean {
  return /^4\d\d /.test(reason);
}
