/** The token sink on this machine, where one is configured. */

import { randomBytes } from 'node:crypto';
import { nodeDisk } from '../lib/disk-node.ts';
import type { Settings } from '../model/settings.ts';
import { createTokenSink, type FileTokenSink } from '../record/token-sink.ts';

export function openTokenSink({ tokenSinkDir: dir, stateDir }: Settings): FileTokenSink | undefined {
  return dir === undefined ? undefined : createTokenSink({ disk: nodeDisk, dir, stateDir, randomBytes });
}
