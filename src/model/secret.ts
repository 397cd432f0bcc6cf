/**
 * A value that cannot be printed by accident: text, JSON and inspection of it show a placeholder.
 * Only `reveal` gives the text, and only the token sink and the Authorization header call it.
 */

const PLACEHOLDER = '[secret]';

export class Secret {
  readonly #text: string;
  /**
   * The source showed a placeholder or nothing instead of the secret: of no use to anyone, and never
   * delivered.
   */
  readonly isMasked: boolean;

  constructor(text: string, options: { readonly masked?: boolean } = {}) {
    this.#text = text;
    this.isMasked = options.masked ?? false;
  }

  /** Of its text, so that what it takes in memory can be bounded. */
  get length(): number {
    return this.#text.length;
  }

  /** The secret itself. Never pass the result to a log, an error, a plan or the state. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  /** What `console.log` and `util.inspect` show. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PLACEHOLDER;
  }
}
