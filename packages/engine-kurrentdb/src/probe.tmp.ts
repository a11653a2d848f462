import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import v2grpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import grpc from '@grpc/grpc-js';
const f = (x: streams.ReadReq): streams.ReadResp => { void x; return new streams.ReadResp(); };
f(new streams.ReadReq());
const s = new grpc.Server();
console.log(typeof streams.ReadResp, typeof streamsGrpc.StreamsService, typeof v2grpc.StreamsServiceService, typeof anyPb.Any, typeof s.createConnectionInjector);
