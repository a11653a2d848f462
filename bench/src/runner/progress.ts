/** Shows what is measured: in place on a terminal, as a line for each step elsewhere. */
export interface Progress {
  /** A step begins. */
  say(text: string): void;
  /** It has ended, with this. */
  done(result: string): void;
}

/** On standard error: standard output is the table's. */
export function createProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now();
  let step = '';
  const at = (): string => `${Math.round((performance.now() - started) / 1000)} s`.padStart(6);
  return {
    say(text) {
      step = text;
      if (out.isTTY) out.write(`\r\x1b[K${at()}  ${text} ...`);
    },
    done(result) {
      out.write(`${out.isTTY ? '\r\x1b[K' : ''}${at()}  ${step}: ${result}\n`);
    },
  };
}
