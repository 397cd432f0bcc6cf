/**
 * The pages do what they say: their command blocks are run in order, in a real shell, against a sandbox of their own. `sh` is run
 * and must end with 0, or with `exit=N`; `sh background` is started and stays; `yaml NAME` is written to that file; each
 * line of a `text` block must stand in the output before it. What cannot be run here says why (test/docs/blocks.ts).
 */
import { expect, it } from 'vitest';
import { createReader } from '../builders/page-reader.ts';
import { commandBlocks, readMarker } from '../docs/blocks.ts';
import { type Page, readPages } from '../docs/pages.ts';

/** Pages that speak of a host where callbackd is installed: what lies there, and what runs, before the first line is read. */
const HOSTS: ReadonlySet<string> = new Set(['docs/operations.md']);

const runnable = readPages().filter(
  (page) =>
    // A translation has the same commands as its original: test/docs/pages.test.ts.
    !page.name.endsWith('.zh-CN.md') &&
    commandBlocks(page).some((block) => readMarker(page.name, block).kind === 'run'),
);

// They mostly wait for the pace that callbackd keeps, so they run beside each other.
it.concurrent.for(runnable)('$name', { timeout: 600_000 }, async (page, { onTestFinished }) => {
  const reader = createReader(page.name, onTestFinished);
  if (HOSTS.has(page.name)) await prepareHost(reader);
  for (const block of page.blocks) await reader.follow(block);
});

it('the pages with commands are known', () => {
  expect(runnable.map(({ name }: Page) => name)).toEqual(
    expect.arrayContaining(['README.md', 'docs/getting-started.md', 'docs/operations.md', 'docs/sandbox.md']),
  );
});

/** As the package and the unit leave it, with the daemon running. */
async function prepareHost(reader: ReturnType<typeof createReader>): Promise<void> {
  const follow = (marker: string, text: string) => reader.follow({ language: 'sh', marker, text, line: 0 });
  await follow('background', 'callbackd sandbox --fleet demo');
  reader.write('etc/callbackd/coze_token', 'pat_sandbox\n');
  reader.write('etc/callbackd/callbackd.yaml', HOST_CONFIGURATION);
  await follow(
    '',
    [
      'mkdir -p /run/callbackd /var/lib/private',
      'export CALLBACKD_CONFIG=/etc/callbackd/callbackd.yaml CALLBACKD_STATE_DIR=/var/lib/private/callbackd',
      'export CALLBACKD_CONTROL_SOCKET=/run/callbackd/control.sock CALLBACKD_STATUS_LISTEN=off',
    ].join('\n'),
  );
  await follow('background', 'callbackd run');
  await follow('', 'callbackd reconcile --wait');
}

const HOST_CONFIGURATION = `version: 1
coze:
  base_url: http://127.0.0.1:9650
  auth: {token_file: coze_token}
apps:
  orders:
    app_type: normal
    name: 订单回调应用
    callback_url: http://127.0.0.1:9650/_receivers/orders
    events: [bot.published, bot.deleted]
`;
