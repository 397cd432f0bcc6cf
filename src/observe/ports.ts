/**
 * What observing an account needs: one page at a time. Implemented by the platform client and by the
 * simulator.
 */
import type { CallContext } from '../model/calls.ts';
import type { AppId } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';

export interface AppPage {
  readonly items: readonly ObservedApp[];
  readonly hasMore: boolean;
  /** Empty where the reply held none. */
  readonly nextPageToken: string;
}

interface EventPage {
  readonly eventTypes: readonly string[];
  readonly hasMore: boolean;
  /** Empty where the reply held none. */
  readonly nextPageToken: string;
}

/**
 * Both throw PlatformError when the page cannot be had; retries are behind it then. `''` asks for the first
 * page.
 */
export interface AppLister {
  listApps(pageToken: string, context: CallContext): Promise<AppPage>;
  listEvents(id: AppId, pageToken: string, context: CallContext): Promise<EventPage>;
}
