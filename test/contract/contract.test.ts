/** One contract for the sandbox behind a socket, the sandbox in the same process and, when asked for, the real platform. */

import { describe } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openHttpSandbox, openInProcessSandbox, openRealPlatform } from './open-subjects.ts';
import { describePlatformContract } from './platform-contract.ts';
import { describeWireContract } from './wire-contract.ts';

/** In-process, but on the system's clock: these suites wait for nothing. */
const openInProcess = async () => ({ ...openInProcessSandbox(), clock: systemClock });

describeWireContract('the sandbox over HTTP', () => openHttpSandbox());
describePlatformContract('the sandbox over HTTP', () => openHttpSandbox());
describeWireContract('the sandbox in this process', openInProcess);
describePlatformContract('the sandbox in this process', openInProcess);

const isReal = openRealPlatform(process.env) !== undefined;
describe.runIf(isReal)('for real', () => {
  const open = async () => openRealPlatform(process.env) as NonNullable<ReturnType<typeof openRealPlatform>>;
  describeWireContract('the real platform', open);
  describePlatformContract('the real platform', open);
});
