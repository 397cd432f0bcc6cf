/**
 * Tells addresses of the public internet from those that a URL of a stranger must not make us talk to. The ranges are
 * those of `ipaddr.js`, which follows the IANA special-purpose registries.
 */

import ipaddr from 'ipaddr.js';

/** What the package takes for ordinary unicast and no host of the public internet has. */
const NOT_PUBLIC = [
  // Deprecated IPv4-compatible addresses, local NAT64, and all of the protocol assignments.
  ...[
    '::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    'fec0::/10',
  ],
  // Six-to-four relays, and the ranges for documentation and measurements.
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
].map((range) => ipaddr.parseCIDR(range));

/** Of IPv6, only this part is given out: whatever carries an IPv4 address elsewhere is none of it. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** True for an IP literal of the public internet; false for anything else, also for what is no address. */
export function isPublicAddress(text: string): boolean {
  // Other notations of IPv4, such as octal ones, mean different addresses to different readers.
  if (!ipaddr.IPv6.isValid(text) && !ipaddr.IPv4.isValidFourPartDecimal(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv6' && !address.match(GLOBAL_UNICAST)) return false;
  return !NOT_PUBLIC.some((range) => range[0].kind() === address.kind() && address.match(range));
}
