/** Starts the emulated platform on loopback, filled with a fleet. */

import { CommandFailure } from '../cli/command-failure.ts';
import type { Clock } from '../lib/clock.ts';
import { createNodeHttpTransport } from '../lib/node-http-transport.ts';
import { FLEETS, type FleetName, populate } from '../sandbox/fleets.ts';
import { type StartedSandbox, startSandbox } from '../sandbox/start-sandbox.ts';

/** Receivers are on this machine; more connections would not make them answer sooner. */
const RECEIVER_CONNECTIONS = 16;

export interface OpenSandbox {
  readonly started: StartedSandbox;
  close(): Promise<void>;
}

export async function openSandbox(
  { port, fleet }: { readonly port: number; readonly fleet: string },
  clock: Clock,
): Promise<OpenSandbox> {
  const transport = createNodeHttpTransport({ connectionsMax: RECEIVER_CONNECTIONS });
  const started = await startSandbox({ clock, random: Math.random, transport, port }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      throw new CommandFailure('failed', `port ${port} is in use`, [
        'choose another with --port, or 0 for any',
      ]);
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
