import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../log/log-record.ts';
import { type Failure, handlerThrew } from '../wire/failures.ts';
import { streamsV2 } from '../wire/protocol.ts';
import { isRecordId } from '../wire/uuid.ts';
import { invalidRequest } from './failure-v2.ts';
import { recordTooLarge } from './refusals.ts';

const MOST_BYTES = 16 * 1024 * 1024;
const TYPE = /^[\p{L}\p{N}_.:$-]+$/u;
const FORMATS = ['Unspecified', 'Json', 'Protobuf', 'Avro', 'Bytes'];

/** An event out of a v2 record. Its schema joins its metadata, which readers then see as JSON. */
export const readRecord = (record: streamsV2.AppendRecord): NewEvent => {
  const schema = record.getSchema() ?? new streamsV2.SchemaInfo();
  const properties: Record<string, unknown> = {};
  record.getPropertiesMap().forEach((value, key) => {
    properties[key] = value.toJavaScript();
  });
  const format = FORMATS[schema.getFormat()];
  const metadata = { ...properties, '$schema.name': schema.getName(), '$schema.format': format };
  return {
    id: (record.getRecordId() ?? randomUUID()).toLowerCase(),
    type: schema.getName(),
    isJson: schema.getFormat() === streamsV2.SchemaFormat.SCHEMA_FORMAT_JSON,
    data: record.getData_asU8(),
    metadata: Buffer.from(JSON.stringify(metadata)),
  };
};

/** The failure that a record causes, if any. */
export const recordFault = (stream: string, record: streamsV2.AppendRecord): Failure | undefined => {
  const name = record.getSchema()?.getName() ?? '';
  const id = record.getRecordId();
  if (stream === '') return invalid('Stream', 'Stream must not be empty.');
  if (!record.hasSchema()) return handlerThrew();
  if (!TYPE.test(name)) return invalid('Schema.Name', nameFault(name));
  if (id !== undefined && id !== '' && !isRecordId(id)) {
    return invalid('RecordId', 'Record ID must be a valid and non-empty UUID.');
  }
  const size = record.getData_asU8().length + Buffer.byteLength(name);
  return size > MOST_BYTES ? recordTooLarge(stream, id ?? '', size, MOST_BYTES) : undefined;
};

const invalid = (field: string, description: string): Failure =>
  invalidRequest('AppendRequest', field, description);

const nameFault = (name: string): string => {
  const fault = `Schema name can only contain unicode letters, digits, underscores, dashes, periods, colons, and dollar signs. Attempted Value: ${name}`;
  return name === '' ? `\n -- Schema name must not be empty\n -- ${fault}\n` : fault;
};
