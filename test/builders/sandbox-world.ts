/** A started sandbox with a folder and an environment in which callbackd talks to it. Everything ends with the test. */
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { createHttpClient } from '../../src/lib/http-client.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type StartedSandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { makeFolder } from './run-callbackd.ts';

export interface SandboxWorld {
  readonly started: StartedSandbox;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

export async function openSandboxWorld(options: SandboxOptions = {}): Promise<SandboxWorld> {
  const cwd = makeFolder();
  const transport = createHttpClient({ connectionsMax: 16 });
  const started = await startSandbox({
    clock: systemClock,
    random: Math.random,
    transport,
    port: 0,
    ...options,
  });
  onTestFinished(async () => {
    await started.close();
    transport.close();
  });
  return {
    started,
    cwd,
    environment: {
      COZE_API_BASE: started.url,
      COZE_API_TOKEN: started.token,
      CALLBACKD_STATE_DIR: 'state',
      CALLBACKD_CONTROL_SOCKET: 'control.sock',
      CALLBACKD_STATUS_LISTEN: 'off',
    },
  };
}

/** YAML with `count` normal apps, each with a URL of a built-in receiver. */
export function writeFleet(count: number, receiverUrl: (name: string) => string, head = ''): string {
  const entries = Array.from({ length: count }, (_, index) => {
    const key = `app-${String(index + 1).padStart(4, '0')}`;
    return `  ${key}:\n    app_type: normal\n    name: 回调应用 ${index + 1}\n    callback_url: ${receiverUrl(key)}\n    events: [bot.published]\n`;
  });
  return `version: 1\n${head}coze: {max_requests_per_second: 1000}\napps:\n${entries.join('')}`;
}
