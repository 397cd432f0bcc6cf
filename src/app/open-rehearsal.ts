/**
 * The fault drill of `callbackd rehearse`: what the account holds comes from a file that `callbackd import`
 * printed.
 */

import type { Configuration } from '../model/configuration.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { Drill } from '../model/drill.ts';
import { openDrill } from '../rehearsal/open-drill.ts';
import type { FoundApp } from '../rehearsal/scenario.ts';
import type { Context } from './context.ts';

/** `import` writes the id of each app behind its key. */
const NOTED_ID = /#.*?\b(\d{1,32})\b/;

export function openRehearsal(
  configuration: Configuration,
  account: Configuration | undefined,
  { clock }: Context,
): Promise<Drill> {
  return openDrill({
    configuration,
    now: clock.now(),
    ...(account === undefined ? {} : { account: readAccount(account) }),
  });
}

function readAccount({ desired, sources }: Configuration): readonly FoundApp[] {
  const lines = new Map([...sources].map(([file, text]) => [file, text.split('\n')]));
  return [...desired.apps.values()].map((app) => {
    const { appType, name, connectorId, callbackUrl, events, position } = app;
    const id = app.id ?? NOTED_ID.exec(lines.get(position.file)?.[position.line - 1] ?? '')?.[1];
    return {
      appType,
      ...present({ id, name, connectorId, callbackUrl, events }),
    };
  });
}

function present(fields: Partial<Record<keyof FoundApp, DesiredApp['events'] | string>>): Partial<FoundApp> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<FoundApp>;
}
