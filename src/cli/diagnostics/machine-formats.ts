/** Diagnostics for machines: JSON, and the annotations of GitHub workflows. */

import { printable } from '../../lib/printable.ts';
import type { SourcePosition } from '../../model/desired.ts';
import { type Diagnostic, sayDiagnostic } from '../../model/diagnostic.ts';

/** One `::error …::` or `::warning …::` per line; an empty text for no diagnostics. */
export function renderDiagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderAnnotation).join('\n');
}

function renderAnnotation(diagnostic: Diagnostic): string {
  const { severity, code, message, hint, position, length, related } = sayDiagnostic(diagnostic);
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

/** Ends without a line break. The shape is stable: fields are added, never renamed. */
export function renderDiagnosticsJson(all: readonly Diagnostic[]): string {
  const diagnostics = all.filter(({ omitted }) => omitted === undefined).map((one) => sayDiagnostic(one));
  const omitted = all.find((diagnostic) => diagnostic.omitted !== undefined)?.omitted;
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const document = {
    format_version: 1,
    valid: errors === 0,
    errors,
    warnings: diagnostics.length - errors,
    ...(omitted !== undefined && { omitted }),
    diagnostics: diagnostics.map((diagnostic) => ({
      code: diagnostic.code,
      severity: diagnostic.severity,
      message: diagnostic.message,
      ...(diagnostic.hint !== undefined && { hint: diagnostic.hint }),
      ...place(diagnostic.position),
      length: diagnostic.length,
      ...(diagnostic.related !== undefined && {
        related: { message: diagnostic.related.message, ...place(diagnostic.related.position) },
      }),
    })),
  };
  return JSON.stringify(document, null, 2);
}

function place(position: SourcePosition): {
  readonly file: string;
  readonly line: number;
  readonly column: number;
} {
  return { file: position.file, line: position.line, column: position.column };
}
