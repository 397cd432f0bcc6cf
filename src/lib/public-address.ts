/**
 * Distinguishes public internet addresses from those that an untrusted URL must not make us connect to.
 * Ranges: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates).
 */

import { BlockList, isIP } from 'node:net';

const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/**
 * Among them the ranges that carry an IPv4 address inside (mapped, NAT64, Teredo, 6to4): they could lead
 * anywhere.
 */
const NOT_PUBLIC_V6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** One list per family, because a BlockList takes an IPv4 address for the same one mapped into IPv6. */
const notPublic = {
  ipv4: createBlockList(NOT_PUBLIC_V4, 'ipv4'),
  ipv6: createBlockList(NOT_PUBLIC_V6, 'ipv6'),
};

/** True for an IP literal of the public internet; false for anything else, also for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  return !notPublic[kind].check(address, kind);
}

function createBlockList(ranges: readonly string[], kind: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number(prefix), kind);
  }
  return list;
}
