import type { NewEvent } from '../log/log-record.ts';
import type { streams } from '../wire/protocol.ts';
import { isRecordId, readUuid } from '../wire/uuid.ts';

/** An event as the v1 appends carry it. */
type ProposedMessage = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

export const readProposed = (message: ProposedMessage): NewEvent => ({
  id: readUuid(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  isJson: message.getMetadataMap().get('content-type') === 'application/json',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

/** What is wrong with a v1 append, in words; `undefined` for a good one. */
export const proposalFault = (stream: string, events: readonly NewEvent[]): string | undefined => {
  if (stream === '') return 'A stream needs a name.';
  if (events.some(({ type }) => type === '')) return 'An event needs a type.';
  return events.every(({ id }) => isRecordId(id)) ? undefined : 'An event needs an id that is a UUID.';
};
