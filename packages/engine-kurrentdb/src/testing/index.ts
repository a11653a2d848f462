export {
  type KurrentDouble,
  type KurrentDoubleOptions,
  startKurrentDouble,
} from './double/start-kurrent-double.ts';
