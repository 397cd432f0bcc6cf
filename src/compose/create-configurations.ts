/** The operator's files as the daemon sees them: loading, watching, judging, and the last good copy beside the state. */

import type { CommonFlags } from '../cli/ports.ts';
import type { Configuration, Configurations } from '../daemon/ports.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { hostFiles } from '../lib/file-reader.ts';
import { createLastGood } from '../record/last-good.ts';
import { judgeReload } from '../source/judge-reload.ts';
import {
  createConfigurationValidator,
  type LoadedConfiguration,
  type Configuration as LoadedFiles,
} from '../source/load-configuration.ts';
import { watchConfiguration } from '../source/watch-configuration.ts';
import { chokidarHints } from '../source/watch-hints.ts';
import { loadConfigurationFile } from './load-configuration-file.ts';
import type { Context } from './open-account-deps.ts';

export interface ConfigurationsDeps extends Context {
  readonly flags: CommonFlags;
  /** The main file. */
  readonly file: string;
  readonly onWatchError: (error: Error) => void;
}
