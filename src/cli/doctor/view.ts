/** Findings as text, one line each with the cure beneath, or as JSON. */

import { printable } from '../../lib/printable.ts';
import { alignColumns, createPaint } from '../views/layout.ts';
import type { Finding } from './finding.ts';

export function formatFindings(findings: readonly Finding[], { color }: { readonly color: boolean }): string {
  const paint = createPaint(color);
  const marks = { ok: paint.green('ok'), warning: paint.yellow('warning'), error: paint.red('error') };
  const heads = alignColumns(
    findings.map(({ level, check, message }) => [`  ${marks[level]}`, check, printable(message)]),
  );
  const lines = findings.flatMap(({ cure }, index) => [
    heads[index] ?? '',
    ...(cure === undefined ? [] : [`           ${printable(cure)}`]),
  ]);
  return [...lines, '', `${describeCounts(findings)}\n`].join('\n');
}

function describeCounts(findings: readonly Finding[]): string {
  const count = (level: Finding['level'], word: string) => {
    const number = findings.filter((finding) => finding.level === level).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  };
  const parts = [...count('error', 'error'), ...count('warning', 'warning')];
  return parts.length === 0 ? 'All is well.' : `${parts.join(' and ')}.`;
}

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
