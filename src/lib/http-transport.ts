/**
 * An HTTP exchange as plain values: one request, and its whole reply or the reason why there is none.
 */

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute, with scheme, host, path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * For the whole exchange, from the call of `send` to the last byte of the body. `Infinity`: only the signal
   * ends it.
   */
  readonly timeoutMs: number;
  /** When given, resolving the name has this long to itself, and `timeoutMs` begins once it is resolved. */
  readonly resolveTimeoutMs?: number;
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

/**
 * How far an exchange got. `address`: the name resolves to an address that may not be connected to. `proxy`:
 * it was the proxy that could not be reached or refused.
 */
export type TransportStage = 'dns' | 'address' | 'proxy' | 'tcp' | 'tls' | 'http';

export class TransportError extends Error {
  override readonly name = 'TransportError' as const;
  readonly fate: TransportFate;
  /** The system's word for it, such as `ECONNREFUSED` or `timeout`. */
  readonly reason: string;
  readonly stage: TransportStage;
  /** Present when the reply's head arrived. */
  readonly status: number | undefined;
  /** The origin of the proxy in between, where there was one. */
  readonly proxy: string | undefined;

  constructor(
    fate: TransportFate,
    reason: string,
    options: {
      cause?: unknown;
      status?: number | undefined;
      stage?: TransportStage;
      proxy?: string | undefined;
    } = {},
  ) {
    super(`${fate}: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.fate = fate;
    this.reason = reason;
    this.stage = options.stage ?? (fate === 'not_sent' ? 'tcp' : 'http');
    this.status = options.status;
    this.proxy = options.proxy;
  }
}

export interface Transport {
  /**
   * Makes one exchange. Rejects only with a TransportError. A redirect is a reply like any other.
   * When `signal` aborts, the exchange is cut; leave it out where a half-done exchange is worse than waiting.
   */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpReply>;
}
