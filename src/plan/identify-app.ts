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
  if (app.appType === 'connector') return app.connectorId;
  return app.name === undefined ? undefined : foldName(app.name);
}

/** The name as a platform or a person may have written it too: in one composition, without what is not seen. */
function foldName(name: string): string {
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(name)) return name;
  const folded = name
    .normalize('NFC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return folded === '' ? name : folded;
}

/** Whether this version knows what to do with an app of that type. */
export function isKnownType(appType: string): appType is 'normal' | 'connector' {
  return appType === 'normal' || appType === 'connector';
}

/** Whether look-alikes are spelt the same, too; a channel's app is known by its channel alone. */
export function isNamedAs(app: Identifiable, entry: Identifiable): boolean {
  return app.appType === 'connector' || app.name === entry.name;
}
