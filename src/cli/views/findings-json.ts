/** Findings as one JSON document, described by schema/doctor.schema.json: values in, text out. Pure. */

import type { Finding } from '../finding.ts';

/** The shape is stable: fields are added, never renamed. */
export function formatFindingsJson(findings: readonly Finding[]): string {
  const document = {
    format_version: 1,
    findings: findings.map(({ check, level, message, cure }) => ({
      check,
      level,
      message,
      cure: cure ?? null,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
