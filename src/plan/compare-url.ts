/**
 * Compares callback URLs by meaning, so that a URL which the platform echoes in another spelling does not
 * differ for ever. It goes no further than RFC 3986 sections 6.2.2.1 and 6.2.3: case of scheme, host and
 * percent-encoding, default port, and an empty path. It never decodes, drops a query or touches a trailing
 * slash: those can reach another receiver.
 */

const PERCENT_ENCODED = /%[0-9a-f]{2}/gi;

/** One spelling for all URLs of the same meaning; a text that is not a URL is returned unchanged. */
export function normaliseUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  return new URL(text).href.replace(PERCENT_ENCODED, (code) => code.toUpperCase());
}

/** Whether both texts name the same receiver. Equal texts are not parsed. */
export function isSameUrl(left: string, right: string): boolean {
  return left === right || normaliseUrl(left) === normaliseUrl(right);
}
