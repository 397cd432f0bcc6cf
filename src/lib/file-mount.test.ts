import { expect, it } from 'vitest';
import { findFileMount, findRoot } from './file-mount.ts';

const TABLE = [
  '22 1 0:21 / / rw - overlay overlay rw',
  String.raw`31 22 8:1 /srv/call\040backd.yaml /etc/callbackd/callbackd.yaml ro - ext4 /dev/sda1 rw`,
  String.raw`32 22 8:1 /srv/b.yaml//deleted /etc/call\040backd/b.yaml ro - ext4 /dev/sda1 rw`,
  '33 22 8:1 /srv/new.yaml /etc/callbackd/callbackd.yaml ro - ext4 /dev/sda1 rw',
  '',
].join('\n');

it.each([
  ['/etc/callbackd/callbackd.yaml', '/srv/new.yaml'],
  ['/etc/call backd/b.yaml', '/srv/b.yaml//deleted'],
  ['/etc/callbackd', undefined],
])('finds what is mounted at %s', (path, root) => {
  expect(findRoot(TABLE, path)).toBe(root);
});

it('finds no mount at an ordinary file', async () => {
  expect(await findFileMount(import.meta.filename)).toBeUndefined();
});
