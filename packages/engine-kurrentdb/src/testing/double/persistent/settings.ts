import { persistent } from '../wire/protocol.ts';

type Settings = persistent.CreateReq.Settings | persistent.UpdateReq.Settings;

/** How a group of consumers is served; times in milliseconds. */
export interface GroupSettings {
  readonly strategy: Strategy;
  readonly resolveLinks: boolean;
  readonly maxRetries: number;
  /** 0: no timeout. */
  readonly messageTimeout: number;
  readonly checkpointAfter: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  /** 0: any number. */
  readonly maxSubscribers: number;
  /** As the client sent them, for the group's description. */
  readonly raw: Settings;
}

export type Strategy = 'RoundRobin' | 'DispatchToSingle' | 'Pinned' | 'PinnedByCorrelation';

const { ConsumerStrategy } = persistent.CreateReq;

export const readSettings = (raw: Settings): GroupSettings => ({
  strategy: strategyOf(raw),
  resolveLinks: raw.getResolveLinks(),
  maxRetries: raw.getMaxRetryCount(),
  messageTimeout: raw.getMessageTimeoutMs(),
  checkpointAfter: raw.getCheckpointAfterMs(),
  minCheckpointCount: raw.getMinCheckpointCount(),
  maxCheckpointCount: raw.getMaxCheckpointCount(),
  maxSubscribers: raw.getMaxSubscriberCount(),
  raw,
});

const strategyOf = (raw: Settings): Strategy => {
  if ('getConsumerStrategy' in raw && raw.getConsumerStrategy() === 'PinnedByCorrelation') {
    return 'PinnedByCorrelation';
  }
  const named = raw.getNamedConsumerStrategy();
  if (named === ConsumerStrategy.PINNED) return 'Pinned';
  return named === ConsumerStrategy.ROUNDROBIN ? 'RoundRobin' : 'DispatchToSingle';
};
