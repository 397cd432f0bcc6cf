/** Loads the configuration for a command, and tells what is wrong with it. */

import type { Configuration } from '../../model/configuration.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Invocation } from '../command-line/command-spec.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import type { Toolbox } from '../ports.ts';
import { renderDiagnostics } from './diagnostics-text.ts';

/**
 * The configuration, or undefined after every problem was printed to stderr, and as the one JSON document where that was
 * asked for. Warnings are printed too.
 */
export async function loadOrReport(
  invocation: Invocation,
  toolbox: Toolbox,
): Promise<Configuration | undefined> {
  const loaded = await toolbox.loadConfiguration(readCommonFlags(invocation));
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (diagnostics.length > 0) toolbox.terminal.note(reportDiagnostics(diagnostics, 'text', toolbox));
  if (loaded.ok) return loaded.configuration;
  if (readOutput(invocation) === 'json') {
    toolbox.terminal.print(reportDiagnostics(diagnostics, 'json', toolbox));
  }
  return undefined;
}

export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: string,
  toolbox: Toolbox,
): string {
  return `${renderDiagnostics(diagnostics, format, toolbox)}\n`;
}
