import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '192.167.255.255', '2606:4700:4700::1111', '2400:3200::1'])(
    'takes %s for public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    // IPv4 inside IPv6, in every way there is.
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '::ffff:0:8.8.8.8',
    '64:ff9b:1::1',
    '2001:0:7f00:1::',
    '2001:db8::1',
    '3fff::1',
    'fec0::1',
    '4000::1',
    'fe80::1%eth0',
    '192.88.99.1',
    '198.18.0.1',
    '203.0.113.1',
    '0177.0.0.1',
    '2130706433',
    '127.1',
    '08.8.8.8',
    'example.com',
    '',
  ])('does not take %s for public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
