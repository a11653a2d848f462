import type { EventLog } from '../log/event-log.ts';
import type { Output } from './output.ts';

/** Settles when the log has grown, or when the client is gone. */
export const waitForGrowth = async (log: EventLog, output: Output): Promise<void> => {
  let stop = () => {};
  const grown = new Promise<void>((resolve) => {
    stop = log.onGrowth(resolve);
  });
  await Promise.race([grown, output.gone]);
  stop();
};
