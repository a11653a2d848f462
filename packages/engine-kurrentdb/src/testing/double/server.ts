import grpc from '@grpc/grpc-js';
import { createAppend } from './appending/append.ts';
import type { Appender } from './appending/appender.ts';
import { createBatchAppend } from './appending/batch-append.ts';
import { createDelete, createTombstone } from './appending/delete.ts';
import type { FaultPlan } from './faults.ts';
import { createGossip } from './gossip.ts';
import type { Store } from './log/store.ts';
import { createAppendRecords } from './multi-stream/append-records.ts';
import { createAppendSession } from './multi-stream/append-session.ts';
import type { Groups } from './persistent/groups.ts';
import { createPersistentService } from './persistent/service.ts';
import { createRead } from './reading/read.ts';
import { createServerFeatures } from './server-features.ts';
import {
  featuresService,
  gossipService,
  persistentService,
  streamsService,
  streamsServiceV2,
} from './wire/protocol.ts';
import type { ReadMessage } from './wire/read-messages.ts';

/** A real server takes larger messages than records, and no message of 20 MiB. */
const MOST_BYTES_RECEIVED = 18 * 1024 * 1024;

const { StreamsService } = streamsService;

/** The service with a read that also takes events which are encoded already. */
const streamsDefinition = {
  ...StreamsService,
  read: {
    ...StreamsService.read,
    responseSerialize: (message: ReadMessage): Buffer =>
      Buffer.isBuffer(message) ? message : Buffer.from(message.serializeBinary()),
  },
};

/** The gRPC server with all its services, not yet listening. */
export const createServer = (
  store: Store,
  groups: Groups,
  append: Appender,
  plan: FaultPlan,
  port: () => number,
): grpc.Server => {
  const server = new grpc.Server({ 'grpc.max_receive_message_length': MOST_BYTES_RECEIVED });
  server.addService(streamsDefinition, {
    read: createRead(store),
    append: createAppend(store, append),
    batchAppend: createBatchAppend(store, append),
    delete: createDelete(store),
    tombstone: createTombstone(store),
  });
  server.addService(streamsServiceV2.StreamsServiceService, {
    appendSession: createAppendSession(store, append),
    appendRecords: createAppendRecords(store, append),
  });
  server.addService(persistentService.PersistentSubscriptionsService, createPersistentService(store, groups));
  server.addService(featuresService.ServerFeaturesService, createServerFeatures(plan));
  server.addService(gossipService.GossipService, createGossip(port));
  return server;
};
