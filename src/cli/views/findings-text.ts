/** Findings as text: one line each, the cure beneath, a count at the end. Pure. */

import { printable } from '../../lib/printable-text.ts';
import type { Finding } from '../finding.ts';
import { alignColumns } from './align-columns.ts';
import { createPaint } from './paint.ts';

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
