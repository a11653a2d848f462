/** What the program ends with. Documented in `openbank --help`: scripts rely on it. */
export const EXIT = {
  ok: 0,
  /** It was tried and did not succeed. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was tried. */
  usage: 2,
  /** `status`: no bank runs on this data directory. */
  notRunning: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  tried and failed
  2  the command line or the configuration is wrong
  3  status: not running`;
