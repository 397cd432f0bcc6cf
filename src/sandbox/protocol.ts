/** Requests and replies of the emulated API, and the callbacks it sends, as plain data without sockets. */

/** One HTTP request as it arrives. */
export interface SandboxRequest {
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /** The raw query without its question mark; `''` when there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `''` when there is none. */
  readonly body: string;
}

export interface SandboxReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection broke in mid-body: `body` is what arrived, more was announced. */
  readonly isCut?: true;
}

/**
 * What a client gets to see. `closed`: the connection ended without a reply. `reset`: it was reset. `hang`:
 * no reply ever comes, and the client has to time out.
 */
export type SandboxResult = SandboxReply | 'closed' | 'reset' | 'hang';

/** A POST of the platform to a receiver: the challenge or an event. */
export interface CallbackMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type CallbackAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Carries a callback to its receiver. Never rejects. The sender gives up by itself after its deadline. */
export type Delivery = (message: CallbackMessage) => Promise<CallbackAnswer>;
