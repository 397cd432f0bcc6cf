/** Diagnostics as one JSON document, described by schema/diagnostics.schema.json: values in, text out. */

import type { SourcePosition } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';

/** Ends without a line break. The shape is stable: fields are added, never renamed. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const document = {
    format_version: 1,
    valid: errors === 0,
    errors,
    warnings: diagnostics.length - errors,
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
