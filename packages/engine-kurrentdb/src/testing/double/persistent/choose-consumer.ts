import { type Consumer, isFree } from './consumer.ts';
import type { Strategy } from './settings.ts';

/** Who gets the next event, among those who have room. `turn` counts the events. */
export const chooseConsumer = (
  strategy: Strategy,
  consumers: readonly Consumer[],
  stream: string,
  turn: number,
): Consumer | undefined => {
  const free = consumers.filter(isFree);
  switch (strategy) {
    case 'DispatchToSingle':
      return free[0];
    case 'RoundRobin':
      return free[turn % free.length];
    case 'Pinned':
    case 'PinnedByCorrelation':
      return free.find((consumer) => consumer === pinned(consumers, stream)) ?? free[0];
  }
};

const pinned = (consumers: readonly Consumer[], stream: string): Consumer | undefined => {
  let sum = 0;
  for (const character of stream) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return consumers[sum % consumers.length];
};
