/** Proxies and certificate authorities as the settings and the environment name them, for HTTP clients. */

import tls from 'node:tls';
import { type FileReader, hostFiles, type ReadFailure } from '../lib/file-reader.ts';
import {
  credentialsOf,
  type ForwardProxy,
  isExempt,
  type ProxyCredentials,
  parseProxyUrl,
  readProxyVariable,
} from '../lib/forward-proxy.ts';
import type { HttpClientOptions } from '../lib/http-client.ts';
import type { NetworkSettings } from '../model/settings.ts';
import type { Context } from './context.ts';

type World = Pick<Context, 'environment' | 'gate'>;

const CREDENTIALS_BYTES_MAX = 4_096;
const AUTHORITIES_BYTES_MAX = 4 * 1024 * 1024;

/** Which way a host is reached, and what says so. Holds no credentials. */
export interface NetworkWay {
  readonly proxy: string | undefined;
  /** A setting or a variable; undefined where nothing names a proxy. */
  readonly source: string | undefined;
}

export function openNetwork(
  settings: NetworkSettings,
  section: string,
  world: World,
): Pick<HttpClientOptions, 'proxyFor' | 'readAuthorities'> {
  const { caFile } = settings;
  return {
    proxyFor: (url) => findProxy(url, settings, section, world)?.proxy,
    readAuthorities: caFile === undefined ? undefined : () => readAuthorities(caFile, world),
  };
}

/** Throws an Error that says what is wrong with the name of the proxy. */
export function describeWay(url: URL, settings: NetworkSettings, section: string, world: World): NetworkWay {
  if (settings.proxy === 'off') return { proxy: undefined, source: `${section}.proxy` };
  const found = findProxy(url, settings, section, world);
  if (found !== undefined) return { proxy: found.proxy.origin, source: found.source };
  const isNamed = readProxyVariable(url.protocol, world.environment) !== undefined;
  return { proxy: undefined, source: isNamed ? 'NO_PROXY' : undefined };
}

interface Found {
  readonly proxy: ForwardProxy;
  readonly source: string;
}

function findProxy(
  target: URL,
  { proxy, proxyCredentialsFile: file }: NetworkSettings,
  section: string,
  { environment, gate }: World,
): Found | undefined {
  if (proxy === 'off') return undefined;
  const variable = proxy === undefined ? readProxyVariable(target.protocol, environment) : undefined;
  const text = proxy === undefined ? variable?.text : fillIn(proxy.text, environment);
  if (text === undefined) return undefined;
  if (variable !== undefined && isExempt(target.hostname, environment)) return undefined;
  const source = variable?.name ?? `${section}.proxy`;
  const url = parseProxyUrl(text);
  if (url === undefined) throw new Error(`${source} is not the URL of an http or https proxy`);
  const written = credentialsOf(url);
  if (written !== undefined) learn(written, gate);
  const readCredentials =
    file === undefined
      ? written && (async () => written)
      : async () => {
          const credentials = await readCredentialsFile(file);
          learn(credentials, gate);
          return credentials;
        };
  return { source, proxy: { origin: url.origin, ...(readCredentials && { readCredentials }) } };
}

function learn({ user, password }: ProxyCredentials, gate: World['gate']): void {
  gate.know(password, Buffer.from(`${user}:${password}`).toString('base64'));
}

function fillIn(text: string, environment: World['environment']): string {
  return text.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
    const value = environment[name];
    if (!value) throw new Error(`the variable ${name} is not set`);
    return value;
  });
}

async function readCredentialsFile(path: string): Promise<ProxyCredentials> {
  const text = await readText(path, CREDENTIALS_BYTES_MAX, hostFiles);
  const [, user, password] = /^([^:\r\n]+):([^\r\n]*)$/.exec(text.trim()) ?? [];
  if (user === undefined || password === undefined) throw new Error(`${path} does not hold user:password`);
  return { user, password };
}

/** Node's own, those of NODE_EXTRA_CA_CERTS, and those of the file: naming any replaces what Node would use. */
async function readAuthorities(path: string, { environment }: World): Promise<readonly string[]> {
  const own = await readText(path, AUTHORITIES_BYTES_MAX, hostFiles);
  if (!own.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${path} holds no certificate (PEM)`);
  const extra = environment['NODE_EXTRA_CA_CERTS'];
  const others = extra ? [await readText(extra, AUTHORITIES_BYTES_MAX, hostFiles)] : [];
  return [...tls.rootCertificates, ...others, own];
}

async function readText(path: string, bytesMax: number, files: FileReader): Promise<string> {
  const content = await files.read(path, bytesMax);
  if (content.ok) return Buffer.from(content.bytes).toString('utf8');
  throw new Error(`${path}: ${describe(content.failure)}`);
}

function describe(failure: ReadFailure): string {
  return failure.reason === 'refused' ? failure.code : failure.reason;
}
