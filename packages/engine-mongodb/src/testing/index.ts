export type { Fault, FaultRule } from './double/faults/faults.ts';
export { type MongoDouble, type MongoDoubleOptions, startMongoDouble } from './double/mongo-double.ts';
export { startTestMongo, type TestMongo } from './test-mongo.ts';
