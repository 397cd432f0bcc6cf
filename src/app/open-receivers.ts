/** The check of receivers as the settings want it: the platform's own challenge, from this host. */

import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { hostPoster } from '../lib/staged-post.ts';
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
    poster: hostPoster,
    clock,
    allowPrivate: preflightAllowPrivate,
    newUuid: randomUUID,
    userAgent: `callbackd/${version}`,
  });
}
