import type grpc from '@grpc/grpc-js';
import type { Store } from '../log/store.ts';
import { persistent, type persistentService, shared } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';
import { describeGroup } from './describe-group.ts';
import { groupExists, groupMissing } from './failures.ts';
import { dispatch, type Group } from './group.ts';
import type { Groups } from './groups.ts';
import { createReadGroup } from './read-group.ts';
import { readSource } from './read-source.ts';
import { readSettings } from './settings.ts';
import { type SourceOptions, sourceName } from './source-name.ts';

/** A request of the protocol that names a group. */
interface GroupOptions extends SourceOptions {
  getGroupName(): string;
}

/** Persistent subscriptions: groups of consumers on a stream or on `$all`. */
export const createPersistentService = (
  store: Store,
  groups: Groups,
): persistentService.IPersistentSubscriptionsServer => {
  const withGroup = <Response>(
    options: GroupOptions,
    callback: grpc.sendUnaryData<Response>,
    use: (group: Group) => Response,
  ): void => {
    const group = groups.find(sourceName(options), options.getGroupName());
    if (group === undefined) callback(groupMissing(sourceName(options), options.getGroupName()));
    else callback(null, use(group));
  };
  return {
    create: createGroupHandler(store, groups),
    update: (call, callback) => {
      const options = call.request.getOptions() ?? new persistent.UpdateReq.Options();
      withGroup(options, callback, (group) => {
        groups.change(group, readSettings(options.getSettings() ?? new persistent.UpdateReq.Settings()));
        return new persistent.UpdateResp();
      });
    },
    delete: (call, callback) => {
      withGroup(call.request.getOptions() ?? new persistent.DeleteReq.Options(), callback, (group) => {
        groups.remove(group);
        return new persistent.DeleteResp();
      });
    },
    getInfo: (call, callback) => {
      withGroup(call.request.getOptions() ?? new persistent.GetInfoReq.Options(), callback, (group) =>
        new persistent.GetInfoResp().setSubscriptionInfo(describeGroup(group)),
      );
    },
    replayParked: (call, callback) => {
      const options = call.request.getOptions() ?? new persistent.ReplayParkedReq.Options();
      withGroup(options, callback, (group) => {
        const count = options.hasStopAt() ? Number(options.getStopAt()) : Number.POSITIVE_INFINITY;
        group.retries.push(...group.parking.takeOut(count));
        dispatch(group);
        return new persistent.ReplayParkedResp();
      });
    },
    list: createList(groups),
    read: createReadGroup(groups),
    restartSubsystem: (_call, callback) => {
      groups.restart(true);
      callback(null, new shared.Empty());
    },
  };
};

const createGroupHandler =
  (store: Store, groups: Groups): grpc.handleUnaryCall<persistent.CreateReq, persistent.CreateResp> =>
  (call, callback) => {
    const options = call.request.getOptions() ?? new persistent.CreateReq.Options();
    const stream = sourceName(options);
    if (groups.find(stream, options.getGroupName()) !== undefined) {
      return callback(groupExists(stream, options.getGroupName()));
    }
    const settings = options.getSettings() ?? new persistent.CreateReq.Settings();
    groups.add(options.getGroupName(), readSource(store, options, settings), readSettings(settings));
    callback(null, new persistent.CreateResp());
  };

const createList =
  (groups: Groups): grpc.handleUnaryCall<persistent.ListReq, persistent.ListResp> =>
  (call, callback) => {
    const options = call.request.getOptions() ?? new persistent.ListReq.Options();
    const wanted = options.getListForStream();
    if (wanted === undefined) {
      return callback(null, new persistent.ListResp().setSubscriptionsList(groups.all().map(describeGroup)));
    }
    const stream = wanted.hasAll() ? '$all' : readStreamName(wanted.getStream());
    const found = groups.all().filter(({ source }) => source.name === stream);
    if (found.length === 0) callback(groupMissing(stream, ''));
    else callback(null, new persistent.ListResp().setSubscriptionsList(found.map(describeGroup)));
  };
