export { connectMongo, type MongoConnection, type MongoConnectionOptions } from './connection/connection.ts';
export { redacted } from './connection/connection-string.ts';
export { openMongoKeyStore } from './keys/mongo-key-store.ts';
export { openMongoLeaseStore } from './leases/mongo-lease-store.ts';
export { openMongoReadModelReader } from './read-models/mongo-read-model-reader.ts';
export {
  type MongoReadModelStoreOptions,
  openMongoReadModelStore,
} from './read-models/mongo-read-model-store.ts';
