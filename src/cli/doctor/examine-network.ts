/** Which way each host is reached: directly, or through a proxy. */

import type { Context } from '../../app/context.ts';
import { describeWay, type NetworkWay } from '../../app/open-network.ts';
import { AddressError, readAddress } from '../../app/open-notifications.ts';
import { message, verbatim } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import type { Finding } from './view.ts';

/** Of the hosts that are reached the same way, so many are named. */
const HOSTS_MAX = 5;

interface Target {
  readonly url: string;
  readonly section: string;
  readonly network: NetworkSettings;
}

/** Nothing to tell where no proxy is named at all. */
export async function examineNetwork(
  configuration: Configuration,
  context: Context,
): Promise<readonly Finding[]> {
  const hostsByWay = new Map<string, { readonly way: NetworkWay; readonly hosts: Set<string> }>();
  const problems = new Map<string, Finding>();
  for (const { url, section, network } of await collectTargets(configuration, context)) {
    if (!URL.canParse(url)) continue;
    try {
      const way = describeWay(new URL(url), network, section, context);
      const name = JSON.stringify(way);
      const group = hostsByWay.get(name) ?? { way, hosts: new Set() };
      hostsByWay.set(name, group);
      group.hosts.add(new URL(url).host);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const cure = message('cli.network_cure', { section });
      problems.set(error.message, {
        check: 'network',
        level: 'error',
        message: verbatim(error.message),
        cure,
      });
    }
  }
  const groups = [...hostsByWay.values()];
  const isPlain = groups.every(({ way }) => way.source === undefined);
  return [
    ...problems.values(),
    ...(isPlain ? [] : groups.map(({ way, hosts }) => describeGroup(way, hosts))),
  ];
}

async function collectTargets({ settings, desired }: Configuration, context: Context): Promise<Target[]> {
  const { platform, receivers, notify } = settings;
  const targets: Target[] = [{ url: platform.baseUrl, section: 'coze', network: platform.network }];
  for (const { callbackUrl: url } of desired.apps.values()) {
    if (url !== undefined) targets.push({ url, section: 'reconcile.receivers', network: receivers.network });
  }
  for (const receiver of notify) {
    try {
      const { url } = await readAddress(receiver, context.environment);
      const { origin } = new URL(url.reveal());
      targets.push({ url: origin, section: `notify.${receiver.name}`, network: receiver.network });
    } catch (error) {
      // Told by the check of the webhooks.
      if (!(error instanceof AddressError)) throw error;
    }
  }
  return targets;
}

function describeGroup({ proxy, source }: NetworkWay, all: ReadonlySet<string>): Finding {
  const hosts = [...all].slice(0, HOSTS_MAX);
  const named = message('cli.receiver_keys', { keys: hosts, more: all.size - hosts.length });
  const because = source ?? '';
  const way =
    proxy === undefined
      ? message('cli.network_direct', { hosts: named, because })
      : message('cli.network_proxy', { hosts: named, proxy, because });
  return { check: 'network', level: 'ok', message: way };
}
