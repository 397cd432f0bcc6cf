/** Starts the emulated platform on loopback, filled with a fleet. */

import { createHttpClient } from '../lib/http-client.ts';
import { message } from '../messages/message.ts';
import {
  FLEETS,
  type FleetName,
  populate,
  type StartedSandbox,
  startSandbox,
} from '../sandbox/start-sandbox.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';

/** Receivers are on this machine; more connections would not make them answer sooner. */
const RECEIVER_CONNECTIONS = 16;

export interface OpenSandbox {
  readonly started: StartedSandbox;
  close(): Promise<void>;
}

export async function openSandbox(
  { port, fleet }: { readonly port: number; readonly fleet: string },
  { clock, random }: Context,
): Promise<OpenSandbox> {
  const transport = createHttpClient({ connectionsMax: RECEIVER_CONNECTIONS });
  const started = await startSandbox({ clock, random, transport, port }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      const advice = message('app.port_in_use_advice');
      throw new AppFailure('failed', message('app.port_in_use', { port }), [advice]);
    },
  );
  populate(started.sandbox, asFleet(fleet), started.receiverUrl);
  return {
    started,
    async close() {
      await started.close();
      transport.close();
    },
  };
}

function asFleet(name: string): FleetName {
  return FLEETS.find((fleet) => fleet === name) ?? 'empty';
}
