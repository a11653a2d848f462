import type grpc from '@grpc/grpc-js';
import type { FaultPlan } from './faults.ts';
import {
  features,
  type featuresService,
  persistentService,
  streamsService,
  streamsServiceV2,
} from './wire/protocol.ts';

/** A call of the protocol with its features and the server version that brought it. */
interface Offered {
  readonly path: string;
  readonly features: readonly string[];
  readonly since: number;
}

const { StreamsService } = streamsService;
const { StreamsServiceService } = streamsServiceV2;
const { PersistentSubscriptionsService } = persistentService;

/** Versions are compared as years and releases: 26.1 is 2601. */
const OFFERED: readonly Offered[] = [
  { path: StreamsService.read.path, features: ['position', 'events'], since: 0 },
  { path: StreamsService.append.path, features: [], since: 0 },
  { path: StreamsService.batchAppend.path, features: ['deadline_duration'], since: 2110 },
  { path: StreamsService.delete.path, features: [], since: 0 },
  { path: StreamsService.tombstone.path, features: [], since: 0 },
  ...Object.values(PersistentSubscriptionsService).map(
    ({ path }: { path: string }): Offered => ({ path, features: ['stream', 'all'], since: 0 }),
  ),
  { path: StreamsServiceService.appendSession.path, features: [], since: 2501 },
  { path: StreamsServiceService.appendRecords.path, features: [], since: 2601 },
];

/** Tells clients the server's version and its calls; an older version offers fewer. */
export const createServerFeatures = (plan: FaultPlan): featuresService.IServerFeaturesServer => ({
  getSupportedMethods: (_call: unknown, callback: grpc.sendUnaryData<features.SupportedMethods>) => {
    const methods = new features.SupportedMethods().setEventStoreServerVersion(plan.version());
    const version = comparable(plan.version());
    for (const offered of OFFERED) if (offered.since <= version) methods.addMethods(describe(offered));
    callback(null, methods);
  },
});

const comparable = (version: string): number => {
  const [year = 0, release = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return year * 100 + release;
};

const describe = ({ path, features: names }: Offered): features.SupportedMethod => {
  const [service = '', method = ''] = path.toLowerCase().split('/').slice(1);
  const described = new features.SupportedMethod().setServiceName(service).setMethodName(method);
  return described.setFeaturesList([...names]);
};
