/**
 * One switch per behaviour that the vendor's pages leave open, so that tests can cover each reading. Defaults
 * are what the pages and the official clients make most likely.
 */

/** Codes of the official table (coze_error_codes, December 2025) that the emulator answers with. */
export const CODE = {
  badParameter: 4000,
  busy: 4009,
  rpmExceeded: 4020,
  authInvalid: 4100,
  noPermission: 4101,
  notFound: 4200,
  internal: 5000,
  /** Named by the docs as the sample authentication failure, and measured with HTTP 401 on GETs. */
  accessTokenInvalid: 700012006,
} as const;

interface Switch<Value> {
  readonly default: Value;
  /** `number`: any that is not negative. */
  readonly choices: readonly Value[] | 'number';
  readonly about: string;
}

export const SWITCHES = {
  nameMax: number(128, 'how many characters a name has at most'),
  longNames: oneOf(['refused', 'cut'], 'a longer name'),
  namePunctuation: oneOf(
    ['kept', 'dropped', 'refused'],
    'characters of a name that are no letters, digits or spaces',
  ),
  uniqueNames: flag(false, 'two normal apps of an account cannot carry one name'),
  duplicateNameCode: number(CODE.badParameter, 'the code for a name that is taken'),
  maxApps: number(0, 'how many apps an account may hold; 0 is without limit'),
  maxAppsCode: number(CODE.badParameter, 'the code beyond that'),
  unknownFields: oneOf(['refused', 'ignored'], 'body fields the vendor does not name'),

  connectorOneToOne: flag(true, 'a channel has at most one app'),
  connectorName: oneOf(
    ['ignored', 'kept', 'refused'],
    'a name sent along with the create of a connector app',
  ),
  connectorRename: oneOf(
    ['ignored', 'ok', 'refused'],
    'a name sent along with the update of a connector app',
  ),

  emptyUrl: oneOf(['refused', 'clears', 'ignored'], 'an update with `callback_url: ""`'),
  emptyUpdate: oneOf(['ok', 'refused'], 'an update whose body is `{}`'),
  challengeSigned: flag(false, 'the challenge carries the X-Coze signature headers'),
  challengeFailedCode: number(CODE.badParameter, 'the code when the receiver fails the challenge'),
  challengeSameUrl: flag(true, 'setting the URL that is already set challenges the receiver again'),

  repeatedEvents: oneOf(['ok', 'refused'], 'subscribing what is subscribed, unsubscribing what is not'),
  eventsNeedUrl: flag(false, 'subscribing needs a callback URL first'),
  unknownEvents: oneOf(['refused', 'accepted'], "event types outside the vendor's list"),
  deleteBody: oneOf(['read', 'dropped'], 'a proxy on the way drops the body of a DELETE'),
  unknownIdEvents: oneOf(['not_found', 'empty'], 'listing the events of an id that does not exist'),

  listOrder: oneOf(['creation', 'newest', 'random'], 'the order of the listing'),
  appearLagMs: number(0, 'how long a new app is missing from the listing'),
  disappearLagMs: number(0, 'how long a deleted app stays in the listing'),
  updateLagMs: number(0, 'how long the listing shows the values before an update'),
  eventsLagMs: number(0, 'how long the subscriptions before a change are listed'),
  emptyItems: oneOf(['empty', 'null', 'missing'], '`items` of a list without items'),
  emptyListData: oneOf(['present', 'null', 'missing'], '`data` of a list without items'),
  lastHasMore: oneOf(['false', 'missing'], '`has_more` on the last page'),
  lastPageToken: oneOf(['missing', 'empty'], '`next_page_token` on the last page'),
  writeData: oneOf(['missing', 'null', 'empty'], '`data` of a write that returns nothing'),
  idStyle: oneOf(['string', 'number'], 'ids as strings or as bare 19-digit numbers'),
  codeStyle: oneOf(['number', 'string'], '`code` as a number or as a numeric string'),
  detail: oneOf(['present', 'missing'], '`detail.logid`; the header carries it in any case'),
  errorStyle: oneOf(
    ['status', 'code_in_200'],
    'failures as an HTTP status with a code, or as 200 with a code',
  ),
  authCode: number(CODE.accessTokenInvalid, 'the code for a bad token'),
  clockSkewMs: number(0, "how far the platform's clock is ahead: Date header, logids and OAuth"),
} as const satisfies Record<string, Switch<string | number | boolean>>;

export type SwitchName = keyof typeof SWITCHES;

type ValueOf<S> = S extends Switch<infer Value> ? Value : never;

export type Switches = { readonly [Name in SwitchName]: ValueOf<(typeof SWITCHES)[Name]> };

export const DEFAULT_SWITCHES = Object.fromEntries(
  Object.entries(SWITCHES).map(([name, { default: value }]) => [name, value]),
) as Switches;

/** Checks switches that came as JSON. Throws a RangeError that names the first wrong one. */
export function parseSwitches(values: Readonly<Record<string, unknown>>): Partial<Switches> {
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(SWITCHES, name)) throw new RangeError(`there is no switch ${name}`);
    const { choices }: Switch<unknown> = SWITCHES[name as SwitchName];
    const isFine =
      choices === 'number' ? typeof value === 'number' && value >= 0 : (choices as unknown[]).includes(value);
    if (!isFine) {
      const wanted = choices === 'number' ? 'a number, not negative' : choices.join(' or ');
      throw new RangeError(`switch ${name} takes ${wanted}, not ${JSON.stringify(value)}`);
    }
  }
  return values as Partial<Switches>;
}

function flag(value: boolean, about: string): Switch<boolean> {
  return { default: value, choices: [value, !value], about };
}

function number(value: number, about: string): Switch<number> {
  return { default: value, choices: 'number', about };
}

/** The first choice is the default. */
function oneOf<const Value extends string>(
  choices: readonly [Value, ...Value[]],
  about: string,
): Switch<Value> {
  return { default: choices[0], choices, about };
}
