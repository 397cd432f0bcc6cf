/** What makes an entry and an app look like the same thing before any id is known: name, or channel. */

/** The parts of an entry, an owned app, an intent or an observed app that identify it. */
export interface Identifiable {
  readonly appType: string;
  readonly name?: string;
  readonly connectorId?: string;
}

/**
 * Equal for look-alikes. `null` for an app without identity: an unknown type, or one that lacks its name or
 * channel.
 */
export function identifyApp(app: Identifiable): string | null {
  const identity = isKnownType(app.appType) ? nameIdentity(app) : undefined;
  return identity === undefined ? null : `${app.appType} ${identity}`;
}

/** What tells apps of the same type apart. */
function nameIdentity(app: Identifiable): string | undefined {
  return app.appType === 'connector' ? app.connectorId : app.name;
}

/** Whether this version knows what to do with an app of that type. */
export function isKnownType(appType: string): appType is 'normal' | 'connector' {
  return appType === 'normal' || appType === 'connector';
}
