/** The client of the callback-app API. All seven operations share one pacing and one allowance of retries. */

import { setMaxListeners } from 'node:events';
import type { Clock } from '../lib/clock.ts';
import type { Transport } from '../lib/http-transport.ts';
import { Pacer, type Pacing } from '../lib/pacer.ts';
import { type CallContext, PlatformError } from '../model/calls.ts';
import type { PlatformSettings } from '../model/settings.ts';
import {
  changeEventsCall,
  createAppCall,
  deleteAppCall,
  listAppsCall,
  listEventsCall,
  updateAppCall,
} from './api-calls.ts';
import type { Call } from './attempt-call.ts';
import { performCall } from './perform-call.ts';
import type { CallBudget, OnCall, Platform, TokenProvider, WriteGate } from './ports.ts';
import { createRetryAllowance } from './retry-call.ts';
import type { SecretGate } from './secret-gate.ts';

export interface PlatformOptions {
  readonly settings: Pick<PlatformSettings, 'baseUrl' | 'timeoutMs' | 'concurrency' | 'maxRequestsPerSecond'>;
  readonly tokens: TokenProvider;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onCall: OnCall;
  readonly budget?: CallBudget;
  /** Asked in front of every attempt of every write, in this order. */
  readonly writeGates?: readonly WriteGate[];
  /** Such as `callbackd/0.1.0`. */
  readonly userAgent: string;
  readonly gate: SecretGate;
}

export interface PacedPlatform extends Platform {
  /** How fast it sends at present, for status and metrics. */
  pacing(): Pacing;
}

export function createPlatform(options: PlatformOptions): PacedPlatform {
  const { settings, clock } = options;
  const { timeoutMs } = settings;
  const pacer = new Pacer({
    clock,
    requestsPerSecondMax: settings.maxRequestsPerSecond,
    concurrencyMax: settings.concurrency,
  });
  const deps = { ...options, baseUrl: settings.baseUrl, pacer, retries: createRetryAllowance() };
  const perform = <Result>(call: Call<Result>, context: CallContext) => {
    // All calls of a round share its signal, waiting or in flight, and each lets go of it in the end: no leak
    // to warn of.
    setMaxListeners(0, context.signal);
    return performCall(call, context, deps);
  };

  return {
    pacing: () => pacer.pacing(),
    listApps: (pageToken, context) => perform(listAppsCall(pageToken, timeoutMs), context),
    listEvents: (id, pageToken, context) => perform(listEventsCall(id, pageToken, timeoutMs), context),
    createApp: (app, context) => perform(createAppCall(app, timeoutMs), context),
    updateApp: (id, fields, context) => perform(updateAppCall(id, fields, timeoutMs), context),
    deleteApp: (id, context) => goneIsDone(perform(deleteAppCall(id, timeoutMs), context)),
    subscribeEvents: (id, eventTypes, context) =>
      perform(changeEventsCall('subscribe_events', id, { eventTypes, timeoutMs }), context),
    unsubscribeEvents: (id, eventTypes, context) =>
      perform(changeEventsCall('unsubscribe_events', id, { eventTypes, timeoutMs }), context),
  };
}

/** A delete of what is not there is done; that happens too when the reply to a first attempt was lost. */
async function goneIsDone(deletion: Promise<undefined>): Promise<'deleted' | 'already_gone'> {
  try {
    await deletion;
    return 'deleted';
  } catch (error) {
    if (error instanceof PlatformError && error.details.kind === 'not_found') return 'already_gone';
    throw error;
  }
}
