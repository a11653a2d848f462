import type { Store } from '../log/store.ts';
import { groupDropped } from './failures.ts';
import { createGroup, dispatch, type Group, restartGroup } from './group.ts';
import type { GroupSettings } from './settings.ts';
import type { Source } from './source.ts';

/** The persistent subscriptions of a server. */
export interface Groups {
  find(stream: string, name: string): Group | undefined;
  all(): readonly Group[];
  add(name: string, source: Source, settings: GroupSettings): void;
  /** Changes a group's settings; its consumers are sent away. */
  change(group: Group, settings: GroupSettings): void;
  remove(group: Group): void;
  /** As a restart of the server, or of its subsystem: all begin again behind their checkpoints. */
  restart(tellsConsumers: boolean): void;
}

export const createGroups = (store: Store): Groups => {
  const groups = new Map<string, Group>();
  store.log.onGrowth(() => {
    for (const group of groups.values()) dispatch(group);
  });
  const dropConsumers = (group: Group) => restartGroup(group, groupDropped(group.source.name, group.name));
  return {
    find: (stream, name) => groups.get(keyOf(stream, name)),
    all: () => [...groups.values()],
    add: (name, source, settings) => {
      groups.set(keyOf(source.name, name), createGroup(store, name, source, settings));
    },
    change: (group, settings) => {
      dropConsumers(group);
      group.settings = settings;
    },
    remove: (group) => {
      groups.delete(keyOf(group.source.name, group.name));
      group.checkpoints.stop();
      dropConsumers(group);
    },
    restart: (tellsConsumers) => {
      for (const group of groups.values()) {
        if (tellsConsumers) dropConsumers(group);
        else restartGroup(group, undefined);
      }
    },
  };
};

const keyOf = (stream: string, name: string): string => `${stream}::${name}`;
