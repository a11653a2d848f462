import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './markdown.ts';

/** A POSIX shell in the project's folder, as a reader has it open: variables and functions stay from one to the next. */
export interface Shell {
  /** What the commands print. @throws Error - one of them failed; the message holds all it said */
  run(commands: string): Promise<string>;
  close(): Promise<void>;
}

export function openShell(environment: Readonly<Record<string, string>>): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'openbank-shell-'));
  const child = spawn('sh', ['-s'], { cwd: ROOT, env: { ...process.env, ...environment } });
  const ended = once(child, 'exit');
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });

  async function untilSaid(end: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = end.exec(said);
      if (found !== null) return found;
      await Promise.race([once(child.stdout, 'data'), ended.then(gone)]);
    }
  }

  function gone(): never {
    throw new Error(`The shell has ended.\n${said}\n${errors}`);
  }

  return {
    async run(commands) {
      const file = join(folder, 'commands.sh');
      writeFileSync(file, `${commands}\n`);
      said = '';
      errors = '';
      child.stdin.write(`. ${file} </dev/null; printf '\\n<done %s>\\n' "$?"\n`);
      const [all, status] = await untilSaid(/\n<done (\d+)>\n$/);
      if (status !== '0') throw new Error(`It ended with ${status}:\n${commands}\n${said}\n${errors}`);
      return said.slice(0, -all.length);
    },
    async close() {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
