/**
 * What callbackd assumes where the vendor's documents are silent, and what happens should it be wrong.
 * docs/assumptions.md is generated from this list; the contract suite turns the sandbox's switches named here
 * both ways.
 */

export interface Assumption {
  /** The assumption. */
  readonly holds: string;
  /** Why that is likely, or why it is the safe side. */
  readonly because: string;
  /** What callbackd does when it does not hold. */
  readonly otherwise: string;
  /** Switches of the sandbox under which it holds or not. */
  readonly switches: readonly string[];
}

export const ASSUMPTIONS = {
  has_more_omitted_when_false: {
    holds: 'A page without `has_more` is the last one, if it has no token either and is not full.',
    because:
      'All paging fields are optional in the vendor’s interface definition, and serialisers drop false values.',
    otherwise:
      'A full page without both is refused, so that an account of exactly 50 apps stops with an error rather than a guess.',
    switches: ['lastHasMore', 'lastPageToken'],
  },
  empty_list_may_lack_everything: {
    holds: 'An empty account may be told by missing or null `items`, or by missing or null `data`.',
    because: 'The same optional fields.',
    otherwise:
      'An empty listing is asked for twice before it is believed, because a broken reply looks like it.',
    switches: ['emptyItems', 'emptyListData'],
  },
  ids_are_unique_across_pages: {
    holds: 'No app stands on two pages of one walk.',
    because:
      'Order and consistency of the pages are not documented; a repeat means that the list moved under the walk.',
    otherwise: 'The whole listing is refused and walked again in the next round.',
    switches: ['listOrder'],
  },
  numbers_may_be_ids: {
    holds: 'An id may come as a bare number of 19 digits, a code as a numeric string.',
    because: 'The gateway converts 64-bit integers on request, in either direction.',
    otherwise: 'Nothing: both forms are read without losing a digit.',
    switches: ['idStyle', 'codeStyle'],
  },
  limits_refuse_before_processing: {
    holds: 'A request refused with 429, 4020 or 4013 next to a status below 500 was not processed.',
    because: 'A limiter stands before what it protects.',
    otherwise:
      'A repeated create could make a second app. Its mark belongs to no open create: it is told as a stray and never adopted.',
    switches: [],
  },
  refusals_are_not_processed: {
    holds:
      'A create answered by a code that means refusal (4000, 4100, 4101, an unknown one) next to a status below 500 made nothing.',
    because: 'The code says so. 5000 and its neighbours do not, and count as unknown.',
    otherwise: 'The app shows up in the next listing as an unowned match and is never made twice blindly.',
    switches: ['duplicateNameCode', 'maxAppsCode', 'challengeFailedCode'],
  },
  names_may_carry_a_mark: {
    holds:
      'A name may end in a hyphen and fourteen ASCII letters and digits, has up to 128 characters in all, and is listed as it was sent.',
    because:
      'The vendor states the length in characters and nothing about which; the marks use only characters that no platform is likely to mind.',
    otherwise:
      'Refused as invalid, the plain name is sent at once (`coze.creates`). Cut or normalised, it counts as no proof until a listing has shown one as sent: a new app of such a name then holds its entry, unless it still shows the nonce.',
    switches: ['nameMax', 'longNames', 'namePunctuation'],
  },
  names_change_right_after_the_create: {
    holds: 'An update of an app is taken right after its create, with a name that another app may carry.',
    because:
      'The update that sets the callback URL takes a name, and no page asks for a wait or a unique name.',
    otherwise:
      'An update answered by 4200 is tried again in the next round, and the app keeps its mark until then. Where the real name is taken the app is let go and deleted (`name_taken`).',
    switches: ['uniqueNames'],
  },
  listings_may_lag: {
    holds: 'A listing shows every write after `reconcile.settle` at the latest.',
    because:
      'Whether listings are consistent is not documented; lists behind a cache or a replica lag by seconds.',
    otherwise:
      'A create that is not shown is made again under another mark, and what appears later is deleted as a stray. An update that is not shown counts as a reversal by somebody else.',
    switches: ['appearLagMs', 'disappearLagMs', 'updateLagMs', 'eventsLagMs'],
  },
  no_permission_may_mean_bad_token: {
    holds:
      '4101 on the list means the token, elsewhere the permission; both are tried once more with a renewed token.',
    because: 'The vendor uses it for both, and every token that works may list.',
    otherwise: 'One more request is made in vain.',
    switches: ['authCode'],
  },
  not_found_on_delete_is_done: {
    holds: '4200 on a delete means that the app is gone.',
    because: 'It means "not found, or not created by this account", and only owned ids are deleted.',
    otherwise: 'The app is listed again in the next round.',
    switches: [],
  },
  unknown_ids_have_no_events: {
    holds: 'Listing the events of an id that does not exist is refused with 4200.',
    because: 'The code exists for it; whether this call uses it is not documented.',
    otherwise:
      'The probe is tried on an impossible id first, and is not believed where that one is answered.',
    switches: ['unknownIdEvents'],
  },
  either_error_style: {
    holds: 'Failures come as HTTP 200 with a code, or as 4xx and 5xx with a code.',
    because: 'Both were measured on other endpoints of the same API.',
    otherwise: 'Nothing: status and code are judged together.',
    switches: ['errorStyle', 'detail'],
  },
  challenge_is_unsigned: {
    holds: 'The preflight sends its challenge without the X-Coze signature headers.',
    because:
      'Whether the platform signs the challenge is not documented, and signing needs the verify_token.',
    otherwise:
      'A receiver that insists on a signature fails the preflight and passes the platform: use `preflight: warn`.',
    switches: ['challengeSigned'],
  },
  expires_in_is_an_instant: {
    holds: '`expires_in` of an OAuth reply is a Unix time in seconds.',
    because: 'The vendor’s page and SDKs read it so, despite its name.',
    otherwise: 'A small number is read as a duration.',
    switches: ['clockSkewMs'],
  },
} as const satisfies Readonly<Record<string, Assumption>>;
