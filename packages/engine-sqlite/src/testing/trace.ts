/** One system call of a trace: between its two lines, of begin and end, others may have begun and ended. */
export interface SystemCall {
  readonly name: string;
  /** What stands between its parentheses. */
  readonly text: string;
  readonly result: string;
  readonly begin: number;
  readonly end: number;
}

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (.*)$/s;
const BEGUN = /^(\d+) +(\w+)\((.*?) *<unfinished \.\.\.>$/s;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (.*)$/s;

/** The calls in what `strace -f -o` has written, in the order in which they began. */
export function readTrace(trace: string): readonly SystemCall[] {
  const calls: SystemCall[] = [];
  const begun = new Map<string, { readonly text: string; readonly begin: number }>();
  for (const [line, text] of trace.split('\n').entries()) {
    const whole = WHOLE.exec(text);
    const unfinished = BEGUN.exec(text);
    const resumed = RESUMED.exec(text);
    if (resumed) {
      const [, pid = '', name = '', rest = '', result = ''] = resumed;
      const start = begun.get(`${pid} ${name}`);
      if (start !== undefined)
        calls.push({ name, text: start.text + rest, result, begin: start.begin, end: line });
    } else if (unfinished) {
      const [, pid = '', name = '', start = ''] = unfinished;
      begun.set(`${pid} ${name}`, { text: start, begin: line });
    } else if (whole) {
      const [, , name = '', all = '', result = ''] = whole;
      calls.push({ name, text: all, result, begin: line, end: line });
    }
  }
  return calls.sort((a, b) => a.begin - b.begin);
}

export function isSync(call: SystemCall, file: string): boolean {
  return (call.name === 'fsync' || call.name === 'fdatasync') && call.text.includes(`/${file}>`);
}

/**
 * The acknowledgements (`ok {event id}` on standard output) that left before a sync of the write-ahead log had covered
 * the event's bytes: one that began after they were written and returned, without an error, before the answer began.
 */
export function earlyAnswers(calls: readonly SystemCall[]): readonly string[] {
  const writes = calls.filter(({ name, text }) => name === 'pwrite64' && text.includes('/log.db-wal>'));
  const syncs = calls.filter((call) => isSync(call, 'log.db-wal') && call.result.startsWith('0'));
  return answers(calls).flatMap(({ id, begin }) => {
    const written = writes.find(({ text }) => text.includes(id));
    const covered = syncs.some(
      (sync) => written !== undefined && sync.begin > written.end && sync.end < begin,
    );
    return covered ? [] : [id];
  });
}

export function answers(
  calls: readonly SystemCall[],
): readonly { readonly id: string; readonly begin: number }[] {
  return calls.flatMap(({ name, text, begin }) => {
    const [, id] = /^1<.*?>, "ok ([-0-9a-f]+) /.exec(text) ?? [];
    return name === 'write' && id !== undefined ? [{ id, begin }] : [];
  });
}
