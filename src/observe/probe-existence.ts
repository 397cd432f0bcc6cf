/**
 * Asks whether an app still exists although the listing does not show it. There is no call for one app, but
 * listing the events of an id is refused with "not found" when there is none. That is not documented for this
 * call, so the probe is first tried on an id that cannot exist, and used only if the platform refuses that
 * one.
 */
import { type CallContext, PlatformError } from '../model/calls.ts';
import { type AppId, asAppId } from '../model/identity.ts';
import type { ProbeResult } from '../model/observed.ts';
import type { AppLister } from './ports.ts';

/**
 * Real ids are snowflakes of 19 digits that grow with time and begin with 7 today; this one is well formed,
 * so that it is looked up rather than refused for its form, and lies years before the first of them.
 */
const IMPOSSIBLE_ID = asAppId('1000000000000000001');

export type ExistenceProbe = (id: AppId, context: CallContext) => Promise<ProbeResult>;

/**
 * The calibration runs once per probe object, on first use; one that failed, or said neither, is tried again.
 */
export function createExistenceProbe(lister: AppLister): ExistenceProbe {
  let answersForNobody: Promise<boolean | undefined> | undefined;

  /** Whether the platform answers for an id that cannot exist; undefined where it said neither. */
  function calibrate(context: CallContext): Promise<boolean | undefined> {
    answersForNobody ??= askTwice(IMPOSSIBLE_ID, context);
    const asked = answersForNobody;
    const forget = () => {
      if (answersForNobody === asked) answersForNobody = undefined;
    };
    asked.then((answer) => answer ?? forget(), forget);
    return asked;
  }

  /**
   * An inconclusive refusal may be temporary, and a single one must not disable the probe permanently: it is
   * tried once more before it counts.
   */
  async function askTwice(id: AppId, context: CallContext): Promise<boolean | undefined> {
    return (await isKnown(id, context)) ?? (await isKnown(id, context));
  }

  /** Undefined where the answer says neither. */
  async function isKnown(id: AppId, context: CallContext): Promise<boolean | undefined> {
    try {
      await lister.listEvents(id, '', { ...context, appId: id });
      return true;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const { kind } = error.details;
      if (kind === 'not_found') return false;
      // Refused for another reason: the app may be there and not ours to see.
      if (kind === 'permission' || kind === 'invalid') return undefined;
      throw error;
    }
  }

  return async (id, context) => {
    if (await calibrate(context)) return 'unknown';
    const known = await askTwice(id, context);
    if (known === undefined) return 'unknown';
    return known ? 'present' : 'absent';
  };
}
