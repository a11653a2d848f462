import type { LogRecord } from '../log/log-record.ts';
import type { persistent, streams } from './protocol.ts';

type FilterOptions = streams.ReadReq.Options.FilterOptions | persistent.CreateReq.AllOptions.FilterOptions;

/** A filter on `$all`. */
export interface Filter {
  matches(record: LogRecord): boolean;
  /** Scanned events from one page of a catch-up to the next. */
  readonly window: number;
  /** Pages (or windows) from one checkpoint to the next. */
  readonly checkpointInterval: number;
}

const DEFAULT_WINDOW = 32;

/** Reads a filter. Throws a `SyntaxError` where the regular expression is none. */
export const readFilter = (options: FilterOptions | undefined): Filter | undefined => {
  if (options === undefined) return undefined;
  const onStream = options.getStreamIdentifier();
  const expression = onStream ?? options.getEventType();
  const matchesText = textFilter(expression?.getRegex() ?? '', expression?.getPrefixList() ?? []);
  return {
    matches: (record) => matchesText(onStream === undefined ? record.type : record.stream),
    window: options.hasMax() ? Math.max(1, options.getMax()) : DEFAULT_WINDOW,
    checkpointInterval: Math.max(1, options.getCheckpointintervalmultiplier()),
  };
};

const textFilter = (regex: string, prefixes: readonly string[]): ((text: string) => boolean) => {
  if (regex !== '') {
    const expression = new RegExp(regex);
    return (text) => expression.test(text);
  }
  return (text) => prefixes.some((prefix) => text.startsWith(prefix));
};
