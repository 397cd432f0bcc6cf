// The one date in everything that is built: that of the commit, so that two builds of it give the same bytes.
import { runTool } from './run-tool.mjs';

/** Seconds since the epoch. */
export function readSourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  try {
    return Number(runTool('git', ['log', '-1', '--format=%ct']));
  } catch (error) {
    throw new Error('without git, say how old the sources are: SOURCE_DATE_EPOCH=SECONDS', { cause: error });
  }
}
