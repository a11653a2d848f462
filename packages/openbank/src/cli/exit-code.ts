/** What the program ends with. Documented in `openbank --help`: scripts rely on it. */
export const EXIT = {
  ok: 0,
  /** It was tried and did not succeed. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was tried. */
  usage: 2,
  /** No bank runs there: on this data directory, or at the address that was given. */
  notRunning: 3,
  /** A write was sent and not answered: it may have been done. Repeated with its key it is done once. */
  unknown: 4,
  /** Ctrl+C ended it, as shells say it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  tried and failed
  2  the command line or the configuration is wrong
  3  no bank runs there
  4  not known: it may have been done; repeat it with the --key that is named
  130  start, restart or reset was interrupted, and the bank was stopped`;
