/** Loads the configuration for a command, and tells what is wrong with it. */

import type { Configuration } from '../model/configuration.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { CommonFlags, Toolbox } from './ports.ts';
import { renderDiagnostics } from './views/diagnostics-text.ts';

/** The configuration, or undefined after every problem was printed to stderr. Warnings are printed too. */
export async function loadOrReport(flags: CommonFlags, toolbox: Toolbox): Promise<Configuration | undefined> {
  const loaded = await toolbox.loadConfiguration(flags);
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (diagnostics.length > 0) toolbox.terminal.note(reportDiagnostics(diagnostics, 'text', toolbox));
  return loaded.ok ? loaded.configuration : undefined;
}

export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: string,
  toolbox: Toolbox,
): string {
  return `${renderDiagnostics(diagnostics, format, toolbox)}\n`;
}
