/** The address of a receiver of notifications from where the settings say it is kept. It never shows what it found. */

import { hostFiles } from '../lib/file-reader.ts';
import { Secret } from '../model/secret.ts';
import type { NotifySettings, SecretSource } from '../model/settings.ts';
import { type Address, AddressError } from '../notify/ports.ts';

export { AddressError };

type Environment = Readonly<Record<string, string | undefined>>;

const BYTES_MAX = 64 * 1024;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Rejects with an AddressError that names the file or variable. */
export async function readAddress(
  { url, secret, allowHttp }: NotifySettings,
  environment: Environment,
): Promise<Address> {
  const address = await readSource(url, environment);
  if (!URL.canParse(address.text)) throw new AddressError(`${address.from} holds no URL`);
  const { protocol, hostname } = new URL(address.text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && (allowHttp || LOOPBACK.test(hostname)));
  if (!isSafe) throw new AddressError(`${address.from} holds a URL that is not https`);
  if (secret === undefined) return { url: new Secret(address.text) };
  return {
    url: new Secret(address.text),
    secret: new Secret((await readSource(secret, environment)).text),
  };
}

interface Found {
  readonly text: string;
  readonly from: string;
}

async function readSource(source: SecretSource, environment: Environment): Promise<Found> {
  switch (source.kind) {
    case 'file': {
      const content = await hostFiles.read(source.path, BYTES_MAX);
      const from = `the file ${source.path}`;
      if (!content.ok) throw new AddressError(`${from} cannot be read (${content.failure.reason})`);
      return nonEmpty(Buffer.from(content.bytes).toString('utf8'), from);
    }
    case 'env':
      return nonEmpty(environment[source.variable] ?? '', `the variable ${source.variable}`);
    case 'text': {
      const text = source.text.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
        const value = environment[name];
        if (value === undefined || value === '') throw new AddressError(`the variable ${name} is not set`);
        return value;
      });
      return nonEmpty(text, 'the URL');
    }
  }
}

function nonEmpty(text: string, from: string): Found {
  if (text.trim() === '') throw new AddressError(`${from} is empty or not set`);
  return { text: text.trim(), from };
}
