/** The check of receivers as the settings want it: the platform's own challenge, from this host. */

import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { createHttpClient } from '../lib/http-client.ts';
import { isPublicAddress } from '../lib/public-address.ts';
import type { Settings } from '../model/settings.ts';
import {
  createReceiverCheck,
  type ReceiverCheck,
  type ReceiverStage,
} from '../platform/create-receiver-check.ts';

export type { ReceiverStage };

export function openReceivers(
  { preflightAllowPrivate }: Settings,
  { clock, version }: { readonly clock: Clock; readonly version: string },
): ReceiverCheck {
  return createReceiverCheck({
    // A connection for each challenge: a kept one would prove nothing about the next.
    transport: createHttpClient({
      connectionsMax: Number.POSITIVE_INFINITY,
      keepAlive: false,
      ...(preflightAllowPrivate ? {} : { isAddressAllowed: isPublicAddress }),
    }),
    clock,
    newUuid: randomUUID,
    userAgent: `callbackd/${version}`,
  });
}
