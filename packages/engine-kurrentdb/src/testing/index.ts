export {
  type KurrentDouble,
  type KurrentDoubleOptions,
  startKurrentDouble,
} from './double/start-kurrent-double.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
