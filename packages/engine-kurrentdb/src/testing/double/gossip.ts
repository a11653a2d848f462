import type grpc from '@grpc/grpc-js';
import { gossip, type gossipService } from './wire/protocol.ts';
import { writeUuid } from './wire/uuid.ts';

const NODE_ID = '6d1a5c4e-0000-4000-8000-000000000001';

/** A cluster of one node, which leads. */
export const createGossip = (port: () => number): gossipService.IGossipServer => ({
  read: (_call: unknown, callback: grpc.sendUnaryData<gossip.ClusterInfo>) => {
    const endPoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(port());
    const member = new gossip.MemberInfo()
      .setInstanceId(writeUuid(NODE_ID, true))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setTimeStamp(String(Date.now() * 10_000))
      .setHttpEndPoint(endPoint);
    callback(null, new gossip.ClusterInfo().setMembersList([member]));
  },
});
