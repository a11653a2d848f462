import { crc32 } from 'node:zlib';
import { type Claim, EventSourcingError, type Metadata, type RecordedEvent } from '@openbank/eventsourcing';
import { type Columns, count, text } from '../sqlite/columns.ts';
import { toPosition } from './position.ts';

/** A row of the log: an event, and what its commit is known by. */
export interface LogRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  /** JSON of all claims of the commit, on its first row. */
  readonly claims: string | null;
  /** The position of the commit's last row: a read that reaches it has not split the commit. */
  readonly commitLast: number;
  readonly type: string;
  readonly id: string;
  readonly schemaVersion: number;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
  readonly data: string;
  /** JSON text. */
  readonly metadata: string;
  readonly link: string;
}

/** What damages a row on disk is found by this: CRC-32 over all its columns. */
export function rowCrc(row: LogRow): number {
  return crc32(
    `${row.position}\n${row.stream}\n${row.revision}\n${row.claims}\n${row.commitLast}\n${row.type}\n${row.id}\n` +
      `${row.schemaVersion}\n${row.recordedAt}\n${row.data}\n${row.metadata}\n${row.link}`,
  );
}

/**
 * A row as it was written.
 *
 * @throws EventSourcingError `store-damaged` - it is not; the message names its position
 */
export function toLogRow(columns: Columns): LogRow {
  const row = readLogRow(columns);
  if (row !== undefined && rowCrc(row) === columns[12]) return row;
  throw notAsWritten(columns[0]);
}

function notAsWritten(position: unknown): EventSourcingError {
  return damagedAt(count(position), 'what is stored there is not what was written');
}

/** A row as it is there, right or wrong; undefined where a column is of another type. */
export function readLogRow(columns: Columns): LogRow | undefined {
  const [
    position,
    stream,
    revision,
    claims,
    commitLast,
    type,
    id,
    schemaVersion,
    recordedAt,
    data,
    metadata,
    link,
  ] = columns;
  try {
    return {
      position: count(position),
      stream: text(stream),
      revision: count(revision),
      claims: claims === null ? null : text(claims),
      commitLast: count(commitLast),
      type: text(type),
      id: text(id),
      schemaVersion: count(schemaVersion),
      recordedAt: count(recordedAt),
      data: text(data),
      metadata: text(metadata),
      link: text(link),
    };
  } catch {
    return undefined;
  }
}

/**
 * A row as it was written, from the text that its CRC is over, as SQLite has put it together. Only data may hold line
 * feeds, so what stands before it is found from the start, and what stands after it from the end.
 *
 * @throws EventSourcingError `store-damaged` - it is not; the message names its position
 */
export function rowOfText([position, text, crc]: Columns): LogRow {
  if (typeof text !== 'string' || crc32(text) !== crc) throw notAsWritten(position);
  let from = 0;
  const next = (): string => {
    const end = text.indexOf('\n', from);
    const part = text.slice(from, end);
    from = end + 1;
    return part;
  };
  const linkFrom = text.lastIndexOf('\n') + 1;
  const metadataFrom = text.lastIndexOf('\n', linkFrom - 2) + 1;
  return {
    position: Number(next()),
    stream: next(),
    revision: Number(next()),
    claims: claimsText(next()),
    commitLast: Number(next()),
    type: next(),
    id: next(),
    schemaVersion: Number(next()),
    recordedAt: Number(next()),
    data: text.slice(from, metadataFrom - 1),
    metadata: text.slice(metadataFrom, linkFrom - 1),
    link: text.slice(linkFrom),
  };
}

function claimsText(text: string): string | null {
  return text === 'null' ? null : text;
}

export function toEvent(row: LogRow): RecordedEvent {
  return {
    id: row.id,
    type: row.type,
    schemaVersion: row.schemaVersion,
    recordedAt: row.recordedAt,
    data: row.data,
    metadata: parseMetadata(row),
    link: row.link,
    stream: row.stream,
    revision: row.revision,
    position: toPosition(row.position),
  };
}

/** What the row's event takes of a page. */
export function rowBytes({ type, data, metadata }: LogRow): number {
  return type.length + Buffer.byteLength(data) + Buffer.byteLength(metadata);
}

export function claimsOf(row: Pick<LogRow, 'claims' | 'position'>): readonly Claim[] {
  return row.claims === null ? [] : parse(row, row.claims);
}

/** Its `event` is what health shows as the place. */
export function damagedAt(position: number, what: string): EventSourcingError & { readonly event: string } {
  const message = `log.db is damaged at position ${position}: ${what}. Restore the whole data directory from one backup.`;
  return Object.assign(new EventSourcingError('store-damaged', message), { event: `position ${position}` });
}

function parseMetadata(row: LogRow): Metadata {
  return parse(row, row.metadata);
}

/** The CRC has vouched for the text, so it is what the engine itself wrote. */
function parse<Value>(row: Pick<LogRow, 'position'>, json: string): Value {
  try {
    return JSON.parse(json);
  } catch {
    throw damagedAt(row.position, 'a column holds no JSON');
  }
}
