/** Bearer tokens: which account one opens, with which permissions and until when. Never prints a token. */

import type { Clock } from '../lib/clock.ts';
import type { Operation } from '../model/calls.ts';
import { type Refusal, refuse } from './answer.ts';
import { CODE, type Switches } from './switches.ts';

/** The vendor's permission keys. Listing events shares the key of listing apps. */
export type Permission =
  | 'listApiApp'
  | 'createApiApp'
  | 'updateApiApp'
  | 'deleteApiApp'
  | 'subscribeApiAppEvent'
  | 'unsubscribeApiAppEvent';

const ALL_PERMISSIONS: readonly Permission[] = [
  'listApiApp',
  'createApiApp',
  'updateApiApp',
  'deleteApiApp',
  'subscribeApiAppEvent',
  'unsubscribeApiAppEvent',
];

const NEEDED: Readonly<Record<Exclude<Operation, 'exchange_token'>, Permission>> = {
  list_apps: 'listApiApp',
  create_app: 'createApiApp',
  update_app: 'updateApiApp',
  delete_app: 'deleteApiApp',
  list_events: 'listApiApp',
  subscribe_events: 'subscribeApiAppEvent',
  unsubscribe_events: 'unsubscribeApiAppEvent',
};

export interface TokenGrant {
  readonly token: string;
  readonly account: string;
  /** All of them when absent. */
  readonly permissions?: readonly Permission[] | undefined;
  /** Milliseconds since the epoch on the platform's clock; never when absent. */
  readonly expiresAt?: number | undefined;
}

export interface AccessControl {
  grant(grant: TokenGrant): void;
  revoke(token: string): void;
  /** The name of the account that the request may work on, or the refusal. */
  check(authorization: string | undefined, operation: Exclude<Operation, 'exchange_token'>): string | Refusal;
}

export function createAccessControl(clock: Clock, switches: () => Switches): AccessControl {
  const grants = new Map<string, TokenGrant>();
  return {
    grant(grant) {
      grants.set(grant.token, grant);
    },
    revoke(token) {
      grants.delete(token);
    },
    check(authorization, operation) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      const grant = token === undefined ? undefined : grants.get(token);
      if (
        grant === undefined ||
        (grant.expiresAt ?? Number.POSITIVE_INFINITY) <= clock.now() + switches().clockSkewMs
      ) {
        return refuse(switches().authCode, 'access token invalid', 401);
      }
      const needed = NEEDED[operation];
      if (!(grant.permissions ?? ALL_PERMISSIONS).includes(needed)) {
        return refuse(CODE.noPermission, `no permission for ${needed}`);
      }
      return grant.account;
    },
  };
}
