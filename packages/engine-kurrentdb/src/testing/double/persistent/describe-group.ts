import { persistent } from '../wire/protocol.ts';
import type { Consumer } from './consumer.ts';
import type { Group } from './group.ts';

const { SubscriptionInfo } = persistent;

/** What an operator sees of a group. */
export const describeGroup = (group: Group): persistent.SubscriptionInfo => {
  const info = new SubscriptionInfo().setEventSource(group.source.name).setGroupName(group.name);
  info.setStatus('Live').setStartFrom(group.source.startFrom);
  describeSettings(info, group);
  describeProgress(info, group);
  return info.setConnectionsList(group.consumers.map(describeConsumer));
};

const describeSettings = (info: persistent.SubscriptionInfo, { settings }: Group): void => {
  const { raw } = settings;
  info.setResolveLinkTos(settings.resolveLinks).setExtraStatistics(raw.getExtraStatistics());
  info.setMessageTimeoutMilliseconds(settings.messageTimeout).setMaxRetryCount(settings.maxRetries);
  info.setLiveBufferSize(raw.getLiveBufferSize()).setBufferSize(raw.getHistoryBufferSize());
  info.setReadBatchSize(raw.getReadBatchSize()).setMaxSubscriberCount(settings.maxSubscribers);
  info.setCheckPointAfterMilliseconds(settings.checkpointAfter);
  info.setMinCheckPointCount(settings.minCheckpointCount).setMaxCheckPointCount(settings.maxCheckpointCount);
  info.setNamedConsumerStrategy(settings.strategy);
};

const describeProgress = (info: persistent.SubscriptionInfo, group: Group): void => {
  const inFlight = group.consumers.reduce((sum, consumer) => sum + consumer.inFlight.size, 0);
  const checkpoint = group.checkpoints.last();
  info.setTotalItems(String(group.sent)).setCountSinceLastMeasurement('0').setLiveBufferCount('0');
  info.setLastKnownEventPosition(group.source.lastKnown());
  info.setLastCheckpointedEventPosition(checkpoint === undefined ? '' : group.source.placeOf(checkpoint));
  info.setReadBufferCount(group.source.waiting()).setRetryBufferCount(group.retries.length);
  info.setTotalInFlightMessages(inFlight).setOutstandingMessagesCount(inFlight);
  info.setParkedMessageCount(String(group.parking.count()));
};

const describeConsumer = (consumer: Consumer): persistent.SubscriptionInfo.ConnectionInfo =>
  new SubscriptionInfo.ConnectionInfo()
    .setFrom(consumer.peer)
    .setUsername('system')
    .setTotalItems(String(consumer.total))
    .setCountSinceLastMeasurement('0')
    .setAvailableSlots(consumer.slots - consumer.inFlight.size)
    .setInFlightMessages(consumer.inFlight.size)
    .setConnectionName('');
