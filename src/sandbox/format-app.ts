/** How an app looks on the wire. Pure. */

import type { StoredApp } from './account.ts';
import type { AppOnWire } from './answer.ts';

/** The vendor's fields, optional ones only when set; `now` decides whether a lagging listing shows older values. */
export function formatAppOnWire(app: StoredApp, now: number): AppOnWire {
  const { name, callbackUrl } = app.old !== undefined && now < app.old.until ? app.old : app;
  return {
    id: app.id,
    ...(name === undefined ? {} : { name }),
    app_type: app.appType,
    ...(app.connectorId === undefined ? {} : { connector_id: app.connectorId }),
    ...(callbackUrl === undefined ? {} : { callback_url: callbackUrl }),
    verify_token: app.verifyToken,
  };
}
