import type { Document } from '../values/document.ts';
import { LARGEST_MESSAGE } from '../wire/frames.ts';
import type { CommandContext, Handler } from './context.ts';

/** Commands by which a client gets to know the server, its set and its state. */
export const HANDSHAKE: Readonly<Record<string, Handler>> = {
  hello: (context) => ({ ...member(context), isWritablePrimary: true }),
  isMaster: (context) => ({ ...member(context), ismaster: true }),
  ismaster: (context) => ({ ...member(context), ismaster: true }),
  ping: () => ({}),
  buildInfo,
  buildinfo: buildInfo,
  connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
};

const SET = 'rs0';
const LARGEST_DOCUMENT = 16 * 1024 * 1024;
const LARGEST_BATCH = 100_000;
const SESSION_MINUTES = 30;

function member({ address, now, version, inSet }: CommandContext): Document {
  return {
    helloOk: true,
    ...(inSet && setOf(address)),
    maxBsonObjectSize: LARGEST_DOCUMENT,
    maxMessageSizeBytes: LARGEST_MESSAGE,
    maxWriteBatchSize: LARGEST_BATCH,
    localTime: now,
    logicalSessionTimeoutMinutes: SESSION_MINUTES,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: version.wire,
    readOnly: false,
  };
}

/** A set of one member, which is the primary. */
function setOf(address: string): Document {
  return {
    setName: SET,
    setVersion: 1,
    hosts: [address],
    me: address,
    primary: address,
    secondary: false,
  };
}

function buildInfo({ version }: CommandContext): Document {
  return {
    version: version.text,
    versionArray: [...version.text.split('.').map(Number), 0],
    modules: [],
    bits: 64,
    maxBsonObjectSize: LARGEST_DOCUMENT,
  };
}
