/** How long an answer may take: after that it is to a plan of the past, and the plan is made again. */

export const ANSWER_FRESH_MS = 2_000;
