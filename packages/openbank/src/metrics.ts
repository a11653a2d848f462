import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the program counts, in the Prometheus text format. */
export interface Metrics {
  /** What counts the answers of one route: told each status, and the seconds from the request's first byte. */
  answers(method: string, route: string): (status: number, seconds: number) => void;
  /** @param outcome - `ok`, or the code of the refusal */
  sent(message: string, outcome: string): void;
  /** Counts by the values of one label, of which there are few: told a value each time. */
  counter(name: string, help: string, label: string): (value: string) => void;
  /** Read when the metrics are asked for: a value for each set of these labels, or a number alone where there are none. */
  watch(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Readings | Promise<Readings>,
  ): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** A value for each label set; a number alone has no labels. */
export type Readings =
  | number
  | readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'openbank_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  const messages = new Counter({
    name: 'openbank_messages_total',
    help: 'Commands and queries by outcome: ok, or the code of the refusal',
    labelNames: ['message', 'outcome'],
    registers: [registry],
  });
  // Finding a child by its labels costs more than observing it; there are few, so each is found once.
  const counters = memoized((message: string) =>
    memoized((outcome: string) => messages.labels(message, outcome)),
  );

  return {
    answers(method, route) {
      const observers = memoized((status: number) => durations.labels(method, route, String(status)));
      return (status, seconds) => observers(status).observe(seconds);
    },
    sent: (message, outcome) => counters(message)(outcome).inc(),
    counter(name, help, label) {
      const counted = new Counter({ name, help, labelNames: [label], registers: [registry] });
      return (value) => counted.labels(value).inc();
    },
    watch(name, help, labels, read) {
      watch(registry, name, help, labels, read);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function watch(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly string[],
  read: () => Readings | Promise<Readings>,
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      const readings = await read();
      gauge.reset();
      if (typeof readings === 'number') gauge.set(readings);
      else for (const { labels, value } of readings) gauge.set({ ...labels }, value);
    },
  });
}

function memoized<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
