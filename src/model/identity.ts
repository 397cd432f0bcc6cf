/**
 * Key, id and name as branded strings, so that the compiler refuses a display name where a platform id is
 * expected.
 */

declare const brand: unique symbol;

/** The entry's name in the YAML. */
export type AppKey = string & { readonly [brand]: 'AppKey' };
/** The platform's id: about 19 decimal digits, always a string because a double would lose digits. */
export type AppId = string & { readonly [brand]: 'AppId' };
/** The platform's id of a channel. */
export type ConnectorId = string & { readonly [brand]: 'ConnectorId' };

/** The kinds of app callbackd can create. */
export type AppType = 'normal' | 'connector';

export const asAppKey = (text: string): AppKey => text as AppKey;
export const asAppId = (text: string): AppId => text as AppId;
export const asConnectorId = (text: string): ConnectorId => text as ConnectorId;

/**
 * Compares by UTF-16 code unit, so that the order does not depend on the host's locale.
 * Returns a negative number, zero or a positive number.
 */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
