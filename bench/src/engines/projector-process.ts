import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromProjector, ToProjector } from './projector-messages.ts';

/** A projector in a process of its own. */
export interface ProjectorProcess {
  /** Shares of the work that it has. */
  held(): number;
  begin(): void;
  /** Processor time since it began, microseconds. */
  spent(): Promise<number>;
  stop(): Promise<void>;
}

const PROJECTOR = new URL('./projector.ts', import.meta.url);

/** @param addresses - of the event store and of the read store */
export function startProjector(
  ...addresses: readonly [events: string, readModels: string]
): ProjectorProcess {
  const child = fork(PROJECTOR, addresses, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // Not left behind where the benchmark fails or is interrupted.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit').finally(() => process.removeListener('exit', kill));
  let held = 0;
  child.on('message', (message: FromProjector) => {
    if (message.kind === 'shares') held = message.held;
  });
  const send = (message: ToProjector): void => void child.send(message);
  return {
    held() {
      if (child.exitCode !== null) throw new Error(`A projector ended, with code ${child.exitCode}.`);
      return held;
    },
    begin: () => send('begin'),
    spent() {
      const answer = spentOf(child);
      send('report');
      return answer;
    },
    async stop() {
      if (child.connected) send('end');
      await exited;
    },
  };
}

function spentOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`A projector ended, with code ${code}.`)));
    child.on('message', (message: FromProjector) => {
      if (message.kind === 'spent') resolve(message.cpu);
    });
  });
}
