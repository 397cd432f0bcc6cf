/** `callbackd doctor`: looks at everything callbackd depends on and says what is wrong and how to cure it. */

import type { CommandRun } from '../command-spec.ts';
import { worstExit } from '../exit-codes.ts';
import { readCommonFlags, readOutput } from '../shared-options.ts';
import { formatFindings } from '../views/findings-text.ts';

export const run: CommandRun = async (invocation, { terminal, examine }) => {
  const findings = await examine(readCommonFlags(invocation));
  if (readOutput(invocation) === 'json') {
    const document = {
      format_version: 1,
      findings: findings.map(({ check, level, message, cure }) => ({
        check,
        level,
        message,
        cure: cure ?? null,
      })),
    };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    terminal.print(formatFindings(findings, terminal));
  }
  return worstExit(findings.filter(({ level }) => level === 'error').map(({ exit }) => exit ?? 'failed'));
};
