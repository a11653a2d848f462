/**
 * The protocol's messages and services, as the client library ships them: generated code, whose modules have no
 * named exports that Node could see. One place for their long names.
 */
export { default as gossipService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
export { default as gossip } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
export { default as persistentService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/persistentsubscriptions_grpc_pb.js';
export { default as persistent } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/persistentsubscriptions_pb.js';
export { default as featuresService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
export { default as features } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
export { default as shared } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
export { default as statuses } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
export { default as streamsService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
export { default as streams } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
export { default as nodeErrorsV2 } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/errors_pb.js';
export { default as errorsV2 } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js';
export { default as streamsServiceV2 } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
export { default as streamsV2 } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
export { default as any } from 'google-protobuf/google/protobuf/any_pb.js';
export { default as empty } from 'google-protobuf/google/protobuf/empty_pb.js';
export { default as timestamps } from 'google-protobuf/google/protobuf/timestamp_pb.js';
