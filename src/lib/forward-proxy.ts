/** Which forward proxy a request goes through, by the variables and the rules of curl. */

import ipaddr from 'ipaddr.js';

export interface ForwardProxy {
  /** Scheme, host and port: may be shown. */
  readonly origin: string;
  /** User and password, read again for each request; undefined where it wants none. */
  readonly readCredentials?: () => Promise<ProxyCredentials>;
}

export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The text of the variable that names the proxy of this URL; empty counts as unset, lower case comes first. */
export function readProxyVariable(
  protocol: string,
  environment: Environment,
): { readonly name: string; readonly text: string } | undefined {
  const scheme = protocol.replace(':', '');
  for (const lower of [`${scheme}_proxy`, 'all_proxy']) {
    for (const name of [lower, lower.toUpperCase()]) {
      const text = environment[name];
      if (text) return { name, text };
    }
  }
  return undefined;
}

/** A URL with the scheme http or https; without a scheme it is http, as for curl. Undefined for anything else. */
export function parseProxyUrl(text: string): URL | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** The user and the password in the URL of a proxy. */
export function credentialsOf({ username, password }: URL): ProxyCredentials | undefined {
  if (username === '' && password === '') return undefined;
  return { user: decode(username), password: decode(password) };
}

/** As curl has it: a stray percent sign stays one. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/**
 * Whether `NO_PROXY` exempts the host, as curl reads it: a lone `*` matches every host; a name (with or
 * without a leading dot) matches itself and its subdomains; an address matches itself or, with `/BITS`, its
 * network. Ports and other patterns match nothing.
 */
export function isExempt(host: string, environment: Environment): boolean {
  const list = environment['no_proxy'] || environment['NO_PROXY'] || '';
  if (list.trim() === '*') return true;
  const name = bare(host);
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== '');
  if (ipaddr.isValid(name)) return entries.some((entry) => coversAddress(bare(entry), ipaddr.process(name)));
  return entries.some((entry) => {
    const suffix = bare(entry).replace(/^\./, '');
    return suffix !== '' && (name === suffix || name.endsWith(`.${suffix}`));
  });
}

/** In lower case, without brackets and without the dot of the root. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[([^\]]*)\]/, '$1')
    .replace(/\.$/, '');
}

function coversAddress(entry: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const [network = '', bits, ...rest] = entry.split('/');
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(network) || ipaddr.IPv6.isValid(network);
  if (!isAddress || rest.length > 0) return false;
  const base = ipaddr.process(network);
  const size = base.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? size : Number(bits);
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return false;
  return base.kind() === address.kind() && length <= size && address.match(base, length);
}
