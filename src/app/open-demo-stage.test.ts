import { expect, it } from 'vitest';
import { createContext, type ProcessView } from './context.ts';
import { openDemoStage } from './open-demo-stage.ts';

it('starts children without the secrets of the person, and without what concerns this process alone', async () => {
  const environment = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    COZE_API_TOKEN: 'pat_of_the_person',
    MY_JWT_KEY: 'a secret',
    NOTIFY_SOCKET: '/run/systemd/notify',
    HTTPS_PROXY: 'http://user:password@proxy',
    CALLBACKD_CONFIG: '/etc/callbackd/callbackd.yaml',
  };
  const program = [process.execPath, '-e', 'console.log(JSON.stringify(process.env))'] as const;
  const stage = await openDemoStage(createContext({ environment, program } as unknown as ProcessView));
  try {
    const { stdout } = await stage.start([]).ended;
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ HOME: '/nonexistent', COZE_API_BASE: stage.url, NO_COLOR: '1' });
    expect(seen.COZE_API_TOKEN).toBe('pat_sandbox');
    for (const name of ['MY_JWT_KEY', 'NOTIFY_SOCKET', 'HTTPS_PROXY', 'CALLBACKD_CONFIG'])
      expect(seen).not.toHaveProperty(name);
    expect(stdout).not.toMatch(/of_the_person|password|secret/);
  } finally {
    await stage.close();
  }
});
