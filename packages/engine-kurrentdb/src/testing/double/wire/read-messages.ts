import type { LogPosition, LogRecord } from '../log/log-record.ts';
import { type shared, streams, timestamps } from './protocol.ts';
import { writeStreamName } from './stream-name.ts';
import { writeUuid } from './uuid.ts';

/** A read's answer: a message, or an event that is encoded already. */
export type ReadMessage = streams.ReadResp | Buffer;

/** An event as a read answers it. */
export const eventMessage = (record: LogRecord, structured: boolean): Buffer => {
  const form = structured ? 'structured' : 'text';
  record.encoded[form] ??= Buffer.from(encodeEvent(record, undefined, structured));
  return record.encoded[form];
};

/** A link with the event it leads to. */
export const linkMessage = (link: LogRecord, target: LogRecord | undefined, structured: boolean): Buffer =>
  Buffer.from(encodeEvent(target, link, structured));

const encodeEvent = (
  event: LogRecord | undefined,
  link: LogRecord | undefined,
  structured: boolean,
): Uint8Array => {
  const read = new streams.ReadResp.ReadEvent();
  if (event !== undefined) read.setEvent(recorded(event, structured));
  if (link !== undefined) read.setLink(recorded(link, structured));
  read.setCommitPosition(String((link ?? event)?.position ?? 0n));
  return new streams.ReadResp().setEvent(read).serializeBinary();
};

const recorded = (record: LogRecord, structured: boolean): streams.ReadResp.ReadEvent.RecordedEvent => {
  const message = new streams.ReadResp.ReadEvent.RecordedEvent();
  fillRecorded(message, record, structured);
  return message;
};

/** The two messages of the protocol for a recorded event, which have the same fields. */
export interface RecordedMessage {
  setId(id: shared.UUID): unknown;
  setStreamIdentifier(identifier: shared.StreamIdentifier): unknown;
  setStreamRevision(revision: string): unknown;
  setPreparePosition(position: string): unknown;
  setCommitPosition(position: string): unknown;
  setCustomMetadata(metadata: Uint8Array): unknown;
  setData(data: Uint8Array): unknown;
  getMetadataMap(): { set(key: string, value: string): unknown };
}

export const fillRecorded = (message: RecordedMessage, record: LogRecord, structured: boolean): void => {
  message.setId(writeUuid(record.id, structured));
  message.setStreamIdentifier(writeStreamName(record.stream));
  message.setStreamRevision(String(record.revision));
  message.setPreparePosition(String(record.position));
  message.setCommitPosition(String(record.position));
  message.setCustomMetadata(record.metadata);
  message.setData(record.data);
  const system = message.getMetadataMap();
  system.set('type', record.type);
  system.set('content-type', record.isJson ? 'application/json' : 'application/octet-stream');
  system.set('created', String(record.created));
};

export const confirmationMessage = (id: string): streams.ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id),
  );

export const checkpointMessage = ({ commit, prepare }: LogPosition): streams.ReadResp => {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(commit)).setPreparePosition(String(prepare));
  return new streams.ReadResp().setCheckpoint(checkpoint.setTimestamp(now()));
};

/** How far a subscription has come when it has caught up. */
export type CaughtUpAt = { readonly revision: bigint | undefined } | { readonly position: LogPosition };

export const caughtUpMessage = (at: CaughtUpAt): streams.ReadResp => {
  const caughtUp = new streams.ReadResp.CaughtUp().setTimestamp(now());
  if ('position' in at) caughtUp.setPosition(positionMessage(at.position));
  else if (at.revision !== undefined) caughtUp.setStreamRevision(String(at.revision));
  return new streams.ReadResp().setCaughtUp(caughtUp);
};

const positionMessage = ({ commit, prepare }: LogPosition): streams.ReadResp.Position =>
  new streams.ReadResp.Position().setCommitPosition(String(commit)).setPreparePosition(String(prepare));

export const notFoundMessage = (stream: string): streams.ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(writeStreamName(stream)),
  );

export const firstRevisionMessage = (revision: bigint): streams.ReadResp =>
  new streams.ReadResp().setFirstStreamPosition(String(revision));

export const lastRevisionMessage = (revision: bigint): streams.ReadResp =>
  new streams.ReadResp().setLastStreamPosition(String(revision));

const now = (): timestamps.Timestamp => timestamps.Timestamp.fromDate(new Date());
