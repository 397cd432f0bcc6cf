/**
 * One switch for every behaviour the vendor's pages leave open, so that callbackd can be proven right under all of
 * them. Defaults are the reading that the pages and the official clients make most likely. Data only.
 */

/** Codes of the official table (coze_error_codes, December 2025) that the emulator answers with. */
export const CODE = {
  badParameter: 4000,
  dailyUsage: 4008,
  busy: 4009,
  rpmExceeded: 4020,
  authInvalid: 4100,
  noPermission: 4101,
  notFound: 4200,
  internal: 5000,
  /** Named by the docs as the sample authentication failure, and measured with HTTP 401 on GETs. */
  accessTokenInvalid: 700012006,
} as const;

export interface Switches {
  /** Whether two normal apps of an account may carry one name. */
  readonly uniqueNames: boolean;
  readonly duplicateNameCode: number;
  /** Apps an account may hold, and the code beyond. */
  readonly maxApps: number;
  readonly maxAppsCode: number;
  /** Whether body fields the pages do not name are refused. */
  readonly unknownFields: 'refused' | 'ignored';

  /** Whether a channel has at most one app. */
  readonly connectorOneToOne: boolean;
  /** A name sent along when a connector app is created. */
  readonly connectorName: 'ignored' | 'kept' | 'refused';
  /** A name sent along when a connector app is updated. */
  readonly connectorRename: 'ok' | 'ignored' | 'refused';

  /** `callback_url: ""` on update. */
  readonly emptyUrl: 'clears' | 'ignored' | 'refused';
  /** An update whose body is `{}`. */
  readonly emptyUpdate: 'ok' | 'refused';
  /** Whether the challenge carries the X-Coze signature headers. */
  readonly challengeSigned: boolean;
  readonly challengeFailedCode: number;
  /** Whether setting the URL that is already set challenges the receiver again. */
  readonly challengeSameUrl: boolean;

  /** Subscribing what is subscribed, unsubscribing what is not. */
  readonly repeatedEvents: 'ok' | 'refused';
  readonly eventsNeedUrl: boolean;
  /** Event types outside the vendor's list. */
  readonly unknownEvents: 'refused' | 'accepted';
  /** Proxies on the way may drop the body of a DELETE; then `event_types` is missing. */
  readonly deleteBody: 'read' | 'dropped';
  /** Listing the events of an id that does not exist. */
  readonly unknownIdEvents: 'not_found' | 'empty';

  readonly listOrder: 'creation' | 'newest' | 'random';
  /** How long the listing lags behind creates, deletes and updates. */
  readonly appearLagMs: number;
  readonly disappearLagMs: number;
  readonly updateLagMs: number;
  readonly emptyItems: 'empty' | 'null' | 'missing';
  /** `data` of a list without items. */
  readonly emptyListData: 'present' | 'null' | 'missing';
  /** `has_more` on the last page. */
  readonly lastHasMore: 'false' | 'missing';
  /** `next_page_token` on the last page. */
  readonly lastPageToken: 'missing' | 'empty';
  /** `data` of a write that returns nothing. */
  readonly writeData: 'missing' | 'null' | 'empty';
  readonly idStyle: 'string' | 'number';
  readonly codeStyle: 'number' | 'string';
  readonly detail: 'present' | 'missing';
  /** How a failure shows: as an HTTP status with a code, or as 200 with a code. */
  readonly errorStyle: 'status' | 'code_in_200';
  readonly authCode: number;
  /** How far the platform's clock is ahead of ours: Date header, logids and OAuth. */
  readonly clockSkewMs: number;
}

export const DEFAULT_SWITCHES: Switches = {
  uniqueNames: false,
  duplicateNameCode: CODE.badParameter,
  maxApps: Number.POSITIVE_INFINITY,
  maxAppsCode: CODE.badParameter,
  unknownFields: 'refused',
  connectorOneToOne: true,
  connectorName: 'ignored',
  connectorRename: 'ignored',
  emptyUrl: 'refused',
  emptyUpdate: 'ok',
  challengeSigned: false,
  challengeFailedCode: CODE.badParameter,
  challengeSameUrl: true,
  repeatedEvents: 'ok',
  eventsNeedUrl: false,
  unknownEvents: 'refused',
  deleteBody: 'read',
  unknownIdEvents: 'not_found',
  listOrder: 'creation',
  appearLagMs: 0,
  disappearLagMs: 0,
  updateLagMs: 0,
  emptyItems: 'empty',
  emptyListData: 'present',
  lastHasMore: 'false',
  lastPageToken: 'missing',
  writeData: 'missing',
  idStyle: 'string',
  codeStyle: 'number',
  detail: 'present',
  errorStyle: 'status',
  authCode: CODE.accessTokenInvalid,
  clockSkewMs: 0,
};
