import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host name or address, without port, means this machine and no other can reach it. */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const family = isIP(bare);
  if (family === 0) return bare.toLowerCase() === 'localhost';
  return loopback.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a `Host` header, with or without port, names this machine. */
export function isLoopbackAuthority(authority: string): boolean {
  const host = /^(?<host>\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/.exec(authority)?.groups?.host;
  return host !== undefined && isLoopback(host);
}
