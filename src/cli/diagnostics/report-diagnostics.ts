/** Loads the configuration for a command and prints what is wrong with it. */

import { loadConfiguration } from '../../app/load-configuration.ts';
import { readSourceText } from '../../app/operator-files.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { CommandContext, Invocation } from '../command-line/command-spec.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { renderDiagnostics } from './diagnostics-text.ts';

/**
 * The configuration, or undefined after every problem was printed to stderr, and as the one JSON document
 * where that was asked for. Warnings are printed too.
 */
export async function loadOrReport(
  invocation: Invocation,
  context: CommandContext,
): Promise<Configuration | undefined> {
  const loaded = await loadConfiguration(readCommonFlags(invocation), context);
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (diagnostics.length > 0) context.terminal.note(reportDiagnostics(diagnostics, 'text', context));
  if (loaded.ok) return loaded.configuration;
  if (readOutput(invocation) === 'json') {
    context.terminal.print(reportDiagnostics(diagnostics, 'json', context));
  }
  return undefined;
}

export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: string,
  context: CommandContext,
): string {
  const readSource = (file: string) => readSourceText(file, context);
  return `${renderDiagnostics(diagnostics, format, { terminal: context.terminal, readSource })}\n`;
}
