/** The three things that must pass the contract, each opened afresh. */

import { systemClock } from '../../src/lib/clock.ts';
import { createHttpClient } from '../../src/lib/http-client.ts';
import { createVirtualClock, type VirtualClock } from '../../src/lib/virtual-clock.ts';
import type { Delivery } from '../../src/sandbox/protocol.ts';
import { createReceivers } from '../../src/sandbox/receivers.ts';
import { createSandbox, DEFAULT_TOKEN, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Switches } from '../../src/sandbox/switches.ts';
import { seededRandom } from '../builders/call-sandbox.ts';
import { createInProcessTransport } from './in-process-transport.ts';
import type { ContractSubject } from './subject.ts';

const SANDBOX = { namePrefix: 'contract ', connectorId: '1056899000', maxRequestsPerSecond: 1000 };

/** The sandbox behind a socket. */
export async function openHttpSandbox(switches: Partial<Switches> = {}): Promise<ContractSubject> {
  const transport = createHttpClient({ connectionsMax: 4 });
  const random = seededRandom(11);
  const started = await startSandbox({ clock: systemClock, random, transport, port: 0, switches });
  started.receivers.behave('broken', { mode: 'wrong_echo' });
  return {
    ...SANDBOX,
    baseUrl: started.url,
    token: started.token,
    transport,
    clock: systemClock,
    random,
    receiver: {
      url: started.receiverUrl('good'),
      behave: (behaviour) => started.receivers.behave('good', behaviour),
    },
    brokenReceiverUrl: started.receiverUrl('broken'),
    close: async () => {
      await started.close();
      transport.close();
    },
  };
}

export interface InProcessSubject extends ContractSubject {
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
}

/** The sandbox as the simulator uses it: no socket, virtual time. */
export function openInProcessSandbox(switches: Partial<Switches> = {}): InProcessSubject {
  const clock = createVirtualClock(Date.UTC(2026, 0, 15, 8));
  const random = seededRandom(11);
  const deliver: Delivery = async (message) => {
    const answer = await receivers.answer(new URL(message.url).pathname.slice(1), message);
    return answer === 'hang' ? new Promise(() => {}) : { kind: 'answered', ...answer };
  };
  const sandbox = createSandbox({ clock, random, deliver }, { switches });
  const receivers = createReceivers({ clock, tokenOf: sandbox.verifyTokenOf });
  receivers.behave('broken', { mode: 'wrong_echo' });
  return {
    ...SANDBOX,
    baseUrl: 'https://sandbox.example',
    token: DEFAULT_TOKEN,
    transport: createInProcessTransport(sandbox, clock),
    clock,
    random,
    sandbox,
    receiver: {
      url: 'https://hooks.example/good',
      behave: (behaviour) => receivers.behave('good', behaviour),
    },
    brokenReceiverUrl: 'https://hooks.example/broken',
    close: async () => {},
  };
}

/**
 * The real platform, only when `COZE_CONTRACT_TESTS=1` and `COZE_API_TOKEN` are set. `COZE_CONTRACT_RECEIVER` is a URL
 * that answers the challenge, `COZE_CONTRACT_CONNECTOR` a channel id; without them the parts that need them are skipped.
 */
export function openRealPlatform(environment: NodeJS.ProcessEnv): ContractSubject | undefined {
  const token = environment['COZE_API_TOKEN'];
  if (environment['COZE_CONTRACT_TESTS'] !== '1' || token === undefined || token === '') return undefined;
  const transport = createHttpClient({ connectionsMax: 2 });
  const receiverUrl = environment['COZE_CONTRACT_RECEIVER'];
  const connectorId = environment['COZE_CONTRACT_CONNECTOR'];
  return {
    baseUrl: environment['COZE_API_BASE'] ?? 'https://api.coze.cn',
    token,
    transport,
    clock: systemClock,
    random: seededRandom(systemClock.now()),
    // Management APIs of this vendor state 5 QPS, shared by the account; the suite takes less than half of it.
    maxRequestsPerSecond: 2,
    namePrefix: `callbackd-contract-${systemClock.now().toString(36)} `,
    ...(receiverUrl === undefined ? {} : { receiver: { url: receiverUrl } }),
    brokenReceiverUrl: 'https://example.com/',
    ...(connectorId === undefined ? {} : { connectorId }),
    close: async () => transport.close(),
  };
}
