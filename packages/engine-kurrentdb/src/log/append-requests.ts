import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import sessions from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import struct from 'google-protobuf/google/protobuf/struct_pb.js';
import type { ProposedAppend, ProposedEvent } from '../events/proposed-event.ts';

/** The messages of an append to one stream: what is expected, then each event. */
export function appendMessages({ stream, expected, events }: ProposedAppend): readonly streams.AppendReq[] {
  const options = new streams.AppendReq.Options().setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream)),
  );
  if (expected === 'no-stream') options.setNoStream(new shared.Empty());
  else options.setRevision(String(expected));
  return [
    new streams.AppendReq().setOptions(options),
    ...events.map((event) => new streams.AppendReq().setProposedMessage(proposedMessage(event))),
  ];
}

function proposedMessage({ id, type, contentType, data, metadata }: ProposedEvent) {
  const message = new streams.AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(data)
    .setCustomMetadata(Buffer.from(JSON.stringify(metadata)));
  message.getMetadataMap().set('type', type).set('content-type', contentType);
  return message;
}

/** The messages of an append to several streams: one for each, and each stream once. */
export function sessionMessages(appends: readonly ProposedAppend[]): readonly sessions.AppendRequest[] {
  return appends.map(({ stream, expected, events }) =>
    new sessions.AppendRequest()
      .setStream(stream)
      .setExpectedRevision(expected === 'no-stream' ? NO_STREAM : String(expected))
      .setRecordsList(events.map(appendRecord)),
  );
}

const NO_STREAM = '-1';

function appendRecord({ id, type, contentType, data, metadata }: ProposedEvent): sessions.AppendRecord {
  const format =
    contentType === 'application/json'
      ? sessions.SchemaFormat.SCHEMA_FORMAT_JSON
      : sessions.SchemaFormat.SCHEMA_FORMAT_BYTES;
  const record = new sessions.AppendRecord()
    .setRecordId(id)
    .setSchema(new sessions.SchemaInfo().setFormat(format).setName(type))
    .setData(data);
  const properties = record.getPropertiesMap();
  for (const [key, value] of Object.entries(metadata))
    properties.set(key, new struct.Value().setStringValue(value));
  return record;
}
