/** Proxies and certificate authorities, as each section of the file that connects to somebody names them. */

import type { NetworkSettings } from '../model/settings.ts';
import type { Pointer } from './mark.ts';

interface NetworkFields {
  readonly proxy?: string;
  readonly proxy_credentials_file?: string;
  readonly ca_file?: string;
}

/** `resolvePath` makes a path of the file at a pointer absolute. */
export function resolveNetwork(
  { proxy, proxy_credentials_file: credentials, ca_file: authorities }: NetworkFields,
  section: Pointer,
  resolvePath: (text: string, pointer: Pointer) => string,
): NetworkSettings {
  return {
    ...(proxy !== undefined && { proxy: proxy === 'off' ? proxy : { text: proxy } }),
    ...(credentials !== undefined && {
      proxyCredentialsFile: resolvePath(credentials, [...section, 'proxy_credentials_file']),
    }),
    ...(authorities !== undefined && { caFile: resolvePath(authorities, [...section, 'ca_file']) }),
  };
}
