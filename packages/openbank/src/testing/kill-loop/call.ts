import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A write as a client means it: the same each time it is sent. */
export interface Write {
  readonly key: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What it takes back, where it is a reversal. */
  readonly reverses?: Write;
  /** What it may be refused for, as another write wants the same and only one may have it. */
  readonly contested?: 'already-reversed' | 'interest-already-recorded';
}

export type Outcome =
  | { readonly kind: 'ok'; readonly status: number; readonly answer: string; readonly replayed: boolean }
  /** Nothing was recorded: the bank said so, or was not reached at all. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Sent, and no answer that settles it. */
  | { readonly kind: 'unknown'; readonly reason: string };

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a write once and says what the client knows of it afterwards. Does not throw. */
export async function send(address: string, { key, path, body }: Write): Promise<Outcome> {
  try {
    const { status, answer, headers } = await exchange(
      `${address}/api/v1${path}`,
      'POST',
      JSON.stringify(body),
      {
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
    );
    if (status < 300) {
      return { kind: 'ok', status, answer, replayed: headers['idempotency-replayed'] === 'true' };
    }
    const { code } = JSON.parse(answer);
    const settled = status < 500 || (status === 503 && code !== 'outcome-unknown');
    return { kind: settled ? 'failed' : 'unknown', reason: `${status} ${code}` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { kind: code === 'ECONNREFUSED' ? 'failed' : 'unknown', reason: code };
  }
}

/** Sends a write again, for a minute, while the bank says that it cannot do it for now. */
export async function sendPatiently(address: string, write: Write): Promise<Outcome> {
  for (const end = performance.now() + 60_000; ; ) {
    const outcome = await send(address, write);
    const isOver = outcome.kind === 'ok' || !outcome.reason.startsWith('503 ');
    if (isOver || performance.now() > end) return outcome;
    await sleep(100);
  }
}

/** @throws Error - it is not answered with 200 */
export async function read(address: string, path: string): Promise<unknown> {
  const { status, answer } = await exchange(`${address}${path}`, 'GET', undefined, {});
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${answer}`);
  return JSON.parse(answer);
}

function exchange(url: string, method: string, body: string | undefined, headers: Record<string, string>) {
  return new Promise<{ status: number; answer: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const sent = request(url, { method, headers, agent }, (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, answer, headers: response.headers }),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(body);
    },
  );
}
