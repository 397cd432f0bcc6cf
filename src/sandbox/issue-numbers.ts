/**
 * App ids, verify_tokens, logids, nonces and uuids in the formats of the vendor's examples. Equal seeds give
 * equal ones.
 */

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const VERIFY_TOKEN_LENGTH = 64;
/** 62^5 is below 2^32, so even a 32-bit generator gives five characters per draw with negligible bias. */
const CHARACTERS_PER_DRAW = 5;
/** November 2023: earlier seconds would give shorter ids, and virtual clocks may start at 0. */
const FIRST_SECOND = 1_700_000_000;
const ID_SECOND_SHIFT = 32n;
const ID_STEP_MAX = 8192;
const LOGID_RANDOM_DIGITS = 8;
const LOGID_COUNTER_DIGITS = 10;
/** The platform stamps its logids in China time. */
const LOGID_OFFSET_MS = 8 * 3_600_000;

export interface NumberIssuer {
  /** 19 decimal digits, rising: seconds in the upper half, as in the vendor's example 7512045450401153075. */
  appId(nowMs: number): string;
  /** 64 letters and digits. */
  verifyToken(): string;
  /** `YYYYMMDDhhmmss` and 18 hex digits; never the same twice. */
  logid(nowMs: number): string;
  uuid(): string;
  nonce(): string;
}

/** `random` returns numbers in [0, 1). */
export function createNumberIssuer(random: () => number): NumberIssuer {
  let lastId = 0n;
  let logids = 0;
  let stampSecond = -1;
  let stamp = '';
  const hex = (digits: number) =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
      .slice(0, digits);
  return {
    appId(nowMs) {
      const second = BigInt(Math.max(Math.floor(nowMs / 1000), FIRST_SECOND));
      const floor = second << ID_SECOND_SHIFT;
      const base = lastId > floor ? lastId : floor;
      lastId = base + BigInt(1 + Math.floor(random() * ID_STEP_MAX));
      return String(lastId);
    },
    verifyToken() {
      return drawAlphanumeric(random, VERIFY_TOKEN_LENGTH);
    },
    logid(nowMs) {
      const second = Math.floor(nowMs / 1000);
      if (second !== stampSecond) {
        stampSecond = second;
        stamp = new Date(nowMs + LOGID_OFFSET_MS).toISOString().replace(/\D/g, '').slice(0, 14);
      }
      logids += 1;
      const counter = logids.toString(16).padStart(LOGID_COUNTER_DIGITS, '0');
      return `${stamp}${hex(LOGID_RANDOM_DIGITS)}${counter}`.toUpperCase();
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(8)}${hex(4)}`,
    nonce: () => drawAlphanumeric(random, 10),
  };
}

function drawAlphanumeric(random: () => number, length: number): string {
  let text = '';
  while (text.length < length) {
    let draw = Math.floor(random() * ALPHANUMERIC.length ** CHARACTERS_PER_DRAW);
    for (let i = 0; i < CHARACTERS_PER_DRAW && text.length < length; i += 1) {
      text += ALPHANUMERIC[draw % ALPHANUMERIC.length];
      draw = Math.floor(draw / ALPHANUMERIC.length);
    }
  }
  return text;
}
