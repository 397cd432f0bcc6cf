/** `callbackd doctor`: checks everything callbackd depends on, and reports problems with their fixes. */

import type { CommandRun } from '../command-line/command-spec.ts';
import { worstExit } from '../command-line/exit-codes.ts';
import { languageOfAnswer, readCommonFlags, readOutput } from '../command-line/options.ts';
import { examine } from './examine.ts';
import { formatFindings, formatFindingsJson } from './view.ts';

export const run: CommandRun = async (invocation, context) => {
  const { terminal } = context;
  const offline = invocation.options['offline'] === true;
  const findings = await examine(
    readCommonFlags(invocation),
    { offline, language: languageOfAnswer(invocation, context) },
    context,
  );
  const isJson = readOutput(invocation) === 'json';
  terminal.print(isJson ? formatFindingsJson(findings) : formatFindings(findings, terminal));
  return worstExit(findings.filter(({ level }) => level === 'error').map(({ exit }) => exit ?? 'failed'));
};
