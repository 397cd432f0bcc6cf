/** A daemon with three apps in sync, and elsewhere a checkout where one entry was renamed, one is gone and one is new. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findPort } from './find-port.ts';
import { makeFolder, type Running, startCallbackd } from './run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from './sandbox-world.ts';

export interface PipelineWorld {
  readonly started: SandboxWorld['started'];
  readonly daemon: Running;
  /** The daemon's own folder. */
  readonly home: string;
  readonly statusUrl: string;
  /** The folder of the pull request; no state was ever there. */
  readonly checkout: string;
  /** Of a runner: an API token that may list and do nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly listToken: string;
}

const LIST_TOKEN = 'pat_that_may_only_list';

/** `head`: settings of the daemon's file. */
export async function openPipelineWorld(head = ''): Promise<PipelineWorld> {
  const { started, cwd: home, environment } = await openSandboxWorld();
  const listen = `127.0.0.1:${await findPort()}`;
  const file = writeFleet(3, (key) => `${started.receiverUrl(key)}?key=of-${key}`);
  writeFileSync(path.join(home, 'callbackd.yaml'), file.replace('version: 1\n', `version: 1\n${head}`));
  const daemon = startCallbackd(['run'], {
    cwd: home,
    environment: { ...environment, CALLBACKD_STATUS_LISTEN: listen },
  });
  await daemon.waitFor(/"msg":"round ended"/);
  started.sandbox.access.grant({ token: LIST_TOKEN, account: 'main', permissions: ['listApiApp'] });
  const checkout = makeFolder();
  const changed = file.replace('app-0001:', 'renamed:').replace(/ {2}app-0003:[\s\S]*/, '');
  writeFileSync(
    path.join(checkout, 'callbackd.yaml'),
    `${changed}  fresh: {app_type: normal, name: fresh}\n`,
  );
  return {
    ...{ started, daemon, home, checkout, listToken: LIST_TOKEN, statusUrl: `http://${listen}` },
    environment: { ...environment, COZE_API_TOKEN: LIST_TOKEN },
  };
}
