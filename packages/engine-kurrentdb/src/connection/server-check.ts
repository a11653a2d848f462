import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StreamsServiceService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import { misconfigured } from './misconfigured.ts';
import { keepFeatures } from './stub-call.ts';

/** The first version that appends to several streams at once. */
const NEEDED = { major: 25, minor: 1 };

/**
 * Asks the server what it is.
 *
 * @returns its version, such as `26.1.0`
 * @throws EventSourcingError `store-misconfigured` - it is older than 25.1, or does not append to several streams at once
 * @throws the client's errors
 */
export async function checkServer(client: KurrentDBClient): Promise<string> {
  const features = await keepFeatures(client);
  const { serverVersion } = features;
  if (!isNewEnough(serverVersion)) throw tooOld(serverVersion);
  const appends = features.supports(StreamsServiceService.appendSession);
  if (!appends) throw tooOld(`${serverVersion} without appends to several streams`);
  return serverVersion;
}

function isNewEnough(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) !== NEEDED.major) return Number(major) > NEEDED.major;
  return Number(minor) >= NEEDED.minor;
}

function tooOld(found: string): Error {
  const { major, minor } = NEEDED;
  return misconfigured(
    `KurrentDB ${major}.${minor} or newer is needed, for appends to several streams at once; the version of this server is ${found}. Upgrade the server.`,
  );
}
