/** Turns a known failure into one clear message and its exit. What is not known is a bug and stays an exception. */

import { type FailureDetails, PlatformError } from '../model/calls.ts';
import { CommandFailure } from './command-failure.ts';
import type { ExitName } from './exit-codes.ts';

export interface Explanation {
  readonly exit: ExitName;
  readonly text: string;
}

export function explainFailure(error: unknown): Explanation | undefined {
  if (error instanceof CommandFailure) {
    return { exit: error.exit, text: [`error: ${error.message}`, ...error.advice.map(indent)].join('\n') };
  }
  if (error instanceof PlatformError) return explainPlatformError(error.details);
  if (error instanceof Error && error.name === 'AbortError') {
    return { exit: 'failed', text: 'Interrupted. Nothing is lost: run the same command again to go on.' };
  }
  return undefined;
}

function explainPlatformError(details: FailureDetails): Explanation {
  if (details.kind === 'aborted') {
    return { exit: 'failed', text: 'Interrupted. Nothing is lost: run the same command again to go on.' };
  }
  const facts = [
    details.status === undefined ? '' : `HTTP status ${details.status}`,
    details.code === undefined ? '' : `code ${details.code}`,
    details.logid === undefined ? '' : `logid ${details.logid}`,
    details.attempts > 1 ? `${details.attempts} attempts` : '',
  ].filter((fact) => fact !== '');
  const lines = [`error: ${details.message}`];
  if (facts.length > 0) lines.push(indent(facts.join(', ')));
  if (details.advice !== undefined) lines.push(indent(details.advice));
  return { exit: details.kind === 'auth' ? 'credentials_refused' : 'failed', text: lines.join('\n') };
}

function indent(line: string): string {
  return `  ${line}`;
}
