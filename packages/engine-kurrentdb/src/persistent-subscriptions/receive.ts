import { setTimeout as delay } from 'node:timers/promises';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { PersistentSubscriptionsClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/persistentsubscriptions_grpc_pb.js';
import type {
  ReadReq,
  ReadResp,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/persistentsubscriptions_pb.js';
import { callStub } from '../connection/stub-call.ts';
import { foreignEvent, toPlacedEvent } from '../events/stored-event.ts';
import { onAbort } from '../log/on-abort.ts';
import type { ConsumeOptions, Group, Handler, Verdict } from './delivery.ts';
import { answerTo, subscription } from './requests.ts';

/** Milliseconds after which a call is made anew: all calls have a deadline. */
const ONE_DAY = 24 * 60 * 60 * 1000;

/** For the last answers to arrive. */
const GOODBYE_MS = 500;

type Call = ClientDuplexStream<ReadReq, ReadResp>;

/**
 * One call: takes deliveries until the signal is aborted, then finishes those under way.
 *
 * @throws the client's errors
 */
export function receive(group: Group, handle: Handler, options: ConsumeOptions): Promise<void> {
  const what = `consume ${group.group}`;
  return callStub(
    group.client,
    PersistentSubscriptionsClient,
    what,
    { deadline: ONE_DAY },
    (stub, ...rest) => {
      const call = stub.read(...rest);
      call.write(subscription(group.group, options.concurrency ?? 10));
      return receiving(call, options.signal, group.closed, (delivered) =>
        settle(call, delivered, { group, handle, options }),
      );
    },
  );
}

/** Events that are under way when the call breaks are handled to their end, too; the server delivers them again. */
function receiving(
  call: Call,
  signal: AbortSignal,
  closed: AbortSignal,
  settleOne: (delivered: ReadResp.ReadEvent) => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const underWay = new Set<Promise<void>>();
  const leave = async () => {
    await Promise.all(underWay);
    call.end();
    // What was written is on its way; whoever does not hang up is hung up on.
    setTimeout(() => call.cancel(), GOODBYE_MS).unref();
    resolve();
  };
  const stop = () => {
    leave().catch(reject);
  };
  const hangUp = () => {
    reject(closed.reason);
    call.cancel();
  };
  call.on('data', (answer: ReadResp) => {
    const delivered = answer.getEvent();
    if (delivered === undefined || signal.aborted) return;
    const settling = settleOne(delivered).finally(() => underWay.delete(settling));
    underWay.add(settling);
  });
  call.on('error', reject);
  call.on('end', () => resolve());
  const release = [onAbort([signal], stop), onAbort([closed], hangUp)];
  return promise.finally(async () => {
    for (const each of release) each();
    await Promise.all(underWay);
  });
}

interface Settling {
  readonly group: Group;
  readonly handle: Handler;
  readonly options: ConsumeOptions;
}

/** Never rejects. */
async function settle(call: Call, delivered: ReadResp.ReadEvent, settling: Settling): Promise<void> {
  // What is replayed comes by way of a link, and is known to the server by that.
  const id = (delivered.getLink() ?? delivered.getEvent())?.getId()?.getString() ?? '';
  const retries = delivered.getRetryCount();
  const verdict = await verdictOn(delivered, retries, settling.handle);
  if (verdict.kind === 'retry') await pause(retries, settling);
  if (call.writable) call.write(answerTo(id, verdict));
}

async function verdictOn(delivered: ReadResp.ReadEvent, retries: number, handle: Handler): Promise<Verdict> {
  const stored = delivered.getEvent();
  if (stored === undefined) return { kind: 'park', reason: 'the event that was parked has been deleted' };
  const event = toPlacedEvent(stored)?.event;
  if (event === undefined) return { kind: 'park', reason: foreignEvent(stored).message };
  try {
    return await handle({ event, retries });
  } catch (error) {
    return { kind: 'retry', reason: codeOf(error) };
  }
}

/** The server would deliver it again at once, and park it while whatever is away for a moment is still away. */
async function pause(retries: number, { group, options }: Settling): Promise<void> {
  const { retryDelay = 200, signal } = options;
  const wait = Math.min(retryDelay * 2 ** retries, group.handleTimeout / 4);
  await delay(wait, undefined, { signal }).catch(() => {});
}

/** The reason is stored: no messages, which may hold values. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an error of no kind';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
