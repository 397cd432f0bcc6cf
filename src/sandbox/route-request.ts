/** Tells which of the platform's endpoints a request is for. Pure; it looks at method and path only. */

import type { Operation } from '../model/calls.ts';

export interface Route {
  readonly operation: Operation;
  /** The app's id, where the path has one. */
  readonly appId: string;
}

const APPS = '/v1/api_apps';
const TOKEN = /^\/api\/permission\/oauth2\/(?:(?:account|enterprise_id)\/[^/]+\/)?token$/;
const ON_APPS: Readonly<Record<string, Operation>> = { GET: 'list_apps', POST: 'create_app' };
const ON_APP: Readonly<Record<string, Operation>> = { PUT: 'update_app', DELETE: 'delete_app' };
const ON_EVENTS: Readonly<Record<string, Operation>> = {
  GET: 'list_events',
  POST: 'subscribe_events',
  DELETE: 'unsubscribe_events',
};

/** The endpoint, or undefined for a route the platform does not have. */
export function routeRequest(method: string, path: string): Route | undefined {
  if (path === APPS) return withId(ON_APPS[method], '');
  if (path.startsWith(`${APPS}/`)) {
    const [appId = '', tail, ...more] = path.slice(APPS.length + 1).split('/');
    if (appId === '' || more.length > 0) return undefined;
    if (tail === undefined) return withId(ON_APP[method], appId);
    return tail === 'events' ? withId(ON_EVENTS[method], appId) : undefined;
  }
  return method === 'POST' && TOKEN.test(path) ? { operation: 'exchange_token', appId: '' } : undefined;
}

function withId(operation: Operation | undefined, appId: string): Route | undefined {
  return operation === undefined ? undefined : { operation, appId };
}
