/** Diagnostics as GitHub workflow commands: each becomes an annotation on its line in a pull request. Text in, text out. */

import { printable } from '../../lib/printable-text.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';

/** One `::error …::` or `::warning …::` per line; an empty text for no diagnostics. */
export function renderDiagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderAnnotation).join('\n');
}

function renderAnnotation(diagnostic: Diagnostic): string {
  const { severity, code, message, hint, position, length, related } = diagnostic;
  const more = [
    ...(related === undefined
      ? []
      : [`${related.message}: ${related.position.file}:${related.position.line}:${related.position.column}`]),
    ...(hint === undefined ? [] : [hint]),
  ];
  const properties = {
    file: position.file,
    line: position.line,
    col: position.column,
    endColumn: position.column + length,
    title: code,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapeData([message, ...more].join('\n').split('\n').map(printable).join('\n'))}`;
}

/** The runner decodes exactly these; anything else would end the command early. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
