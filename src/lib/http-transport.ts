/**
 * One HTTP exchange as plain values: a request goes in, status, headers and the whole body come out, or a TransportError
 * that says what is known about the request's fate. Nothing here retries, follows a redirect or knows who is called.
 */

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute, with scheme, host, path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, from the call of `send` to the last byte of the body. */
  readonly timeoutMs: number;
  /** A longer body fails the exchange with `oversized`. */
  readonly bodyBytesMax: number;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * What is known about a request whose exchange failed.
 * `not_sent`: no byte of it can have reached the server (name not resolved, refused, no TLS).
 * `maybe_processed`: it was sent, no complete reply head came back (timeout, reset).
 * `truncated`: a reply began and broke off. `oversized`: the reply was longer than allowed.
 * `aborted`: the caller's signal ended it.
 */
export type TransportFate = 'not_sent' | 'maybe_processed' | 'truncated' | 'oversized' | 'aborted';

export class TransportError extends Error {
  override readonly name = 'TransportError' as const;
  readonly fate: TransportFate;
  /** The system's word for it, such as `ECONNREFUSED` or `timeout`. */
  readonly reason: string;
  /** Present when the reply's head arrived. */
  readonly status: number | undefined;

  constructor(fate: TransportFate, reason: string, options: { cause?: unknown; status?: number } = {}) {
    super(`${fate}: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.fate = fate;
    this.reason = reason;
    this.status = options.status;
  }
}

export interface Transport {
  /**
   * Makes one exchange. Rejects only with a TransportError. A redirect is a reply like any other.
   * When `signal` aborts, the exchange is cut; leave it out where a half-done exchange is worse than waiting.
   */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpReply>;
}
