import { deserialize, serialize } from 'bson';
import { type Document, documentOf, type MutableDocument } from '../values/document.ts';

// Source: MongoDB manual, "MongoDB Wire Protocol": OP_MSG, and OP_QUERY for the first hello of a connection.

/** What a client asks on a connection. */
export interface Request {
  readonly id: number;
  readonly command: Document;
  /** False where the client said that it does not wait (`w: 0`). */
  readonly wantsAnswer: boolean;
  /** The form of the request, which the answer has too. */
  readonly form: 'message' | 'query';
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags of the lower 16 bits must be understood. */
const REQUIRED_FLAGS = 0xff_ff;

const AS_STORED = { promoteLongs: true, promoteValues: true, useBigInt64: true } as const;

/** Decodes one whole message. Throws where it is none that the protocol knows: the connection is then of no use. */
export function decodeRequest(bytes: Buffer): Request {
  const id = bytes.readInt32LE(4);
  const operation = bytes.readInt32LE(12);
  if (operation === OP_MSG) return decodeMessage(id, bytes);
  if (operation === OP_QUERY) return decodeQuery(id, bytes);
  throw new Error(`the operation ${operation} is not in the test double`);
}

function decodeMessage(id: number, bytes: Buffer): Request {
  const flags = bytes.readUInt32LE(HEADER);
  if (flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) throw new Error(`unknown flags ${flags}`);
  const end = bytes.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const command: MutableDocument = {};
  for (let at = HEADER + 4; at < end; ) at = readSection(bytes, at, command);
  return { id, command, wantsAnswer: (flags & MORE_TO_COME) === 0, form: 'message' };
}

/** Reads a body, or a sequence of documents which stands for an array of the body. Answers where the next one is. */
function readSection(bytes: Buffer, at: number, command: MutableDocument): number {
  const kind = bytes.readUInt8(at);
  const end = at + 1 + bytes.readInt32LE(at + 1);
  if (kind === 0) {
    for (const [name, value] of Object.entries(deserialize(bytes.subarray(at + 1, end), AS_STORED)))
      command[name] = value;
    return end;
  }
  if (kind !== 1) throw new Error(`the section kind ${kind} is not in the test double`);
  const nameEnd = bytes.indexOf(0, at + 5);
  const documents: Document[] = [];
  for (let from = nameEnd + 1; from < end; ) {
    const to = from + bytes.readInt32LE(from);
    documents.push(deserialize(bytes.subarray(from, to), AS_STORED));
    from = to;
  }
  command[bytes.toString('utf8', at + 5, nameEnd)] = documents;
  return end;
}

function decodeQuery(id: number, bytes: Buffer): Request {
  const collectionEnd = bytes.indexOf(0, HEADER + 4);
  const query = deserialize(bytes.subarray(collectionEnd + 9), {
    ...AS_STORED,
    allowObjectSmallerThanBufferSize: true,
  });
  const command = documentOf(query.$query ?? query, '$query');
  return { id, command, wantsAnswer: true, form: 'query' };
}

export function encodeAnswer(request: Request, answer: Document): Buffer {
  const body = serialize(answer, { ignoreUndefined: true });
  return request.form === 'query' ? encodeReply(request.id, body) : encodeMessage(request.id, body);
}

function encodeMessage(id: number, body: Uint8Array): Buffer {
  const head = header(HEADER + 5, body.length, id, OP_MSG);
  return Buffer.concat([head, body]);
}

function encodeReply(id: number, body: Uint8Array): Buffer {
  const head = header(HEADER + 20, body.length, id, OP_REPLY);
  head.writeInt32LE(8, HEADER);
  head.writeInt32LE(1, HEADER + 16);
  return Buffer.concat([head, body]);
}

function header(length: number, bodyLength: number, id: number, operation: number): Buffer {
  const head = Buffer.alloc(length);
  head.writeInt32LE(length + bodyLength, 0);
  head.writeInt32LE(id, 8);
  head.writeInt32LE(operation, 12);
  return head;
}
