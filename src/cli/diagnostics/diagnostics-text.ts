/** Diagnostics for people: each problem with its source line. Secrets are masked. */

import stringWidth from 'fast-string-width';
import { maskSecrets } from '../../documents/mask-secrets.ts';
import { printable } from '../../lib/printable.ts';
import type { Translate } from '../../messages/say.ts';
import type { SourcePosition } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { createPaint, type Paint, type View } from '../views/layout.ts';
import { renderDiagnosticsGithub, renderDiagnosticsJson } from './machine-formats.ts';

export interface DiagnosticsSurface {
  readonly terminal: View & { /** In columns. */ readonly width: number };
  /** The text of a file the diagnostics point into; undefined when there is none. */
  readSource(file: string): string | undefined;
}

interface Frames {
  readonly paint: Paint;
  readonly translate: Translate;
  readonly width: number;
  /** Masked lines of a file. */
  linesOf(file: string): readonly string[];
}

const TAB = '    ';
const FRAME_WIDTH_MIN = 40;

/** `format`: `text`, `github` or `json`; anything else is rendered as text. Ends without a line break. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: string,
  surface: DiagnosticsSurface,
): string {
  if (format === 'github') return renderDiagnosticsGithub(diagnostics);
  if (format === 'json') return renderDiagnosticsJson(diagnostics);
  return renderDiagnosticsText(diagnostics, surface);
}

function renderDiagnosticsText(diagnostics: readonly Diagnostic[], surface: DiagnosticsSurface): string {
  const { color, width, translate } = surface.terminal;
  const cache = new Map<string, readonly string[]>();
  const frames: Frames = {
    paint: createPaint(color),
    translate,
    width: Math.max(FRAME_WIDTH_MIN, width),
    linesOf(file) {
      const known = cache.get(file);
      if (known !== undefined) return known;
      const lines = maskSecrets((surface.readSource(file) ?? '').replace(/^\uFEFF/, '').split(/\r?\n|\r/));
      cache.set(file, lines);
      return lines;
    },
  };
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, frames));
  return [...blocks, renderCount(diagnostics, frames)].join('\n\n');
}

function renderOne(diagnostic: Diagnostic, frames: Frames): string {
  const { paint, translate } = frames;
  const { severity, code, message, hint, position, length, related, omitted, hidden } = diagnostic;
  if (omitted !== undefined) return translate(message);
  const label =
    severity === 'error'
      ? paint.red(translate('cli.label_error'))
      : paint.yellow(translate('cli.label_warning'));
  const lines = [
    `${paint.bold(describePosition(position))}: ${label}: ${printable(translate(message))} ${paint.dim(`[${code}]`)}`,
    // What is too large to be read is seldom text.
    ...(code === 'file_too_large' || hidden ? [] : renderFrame(position, length, frames)),
  ];
  if (related !== undefined) {
    lines.push(
      `${paint.bold(describePosition(related.position))}: ${paint.cyan(translate('cli.label_note'))}: ${printable(translate(related.message))}`,
    );
    if (!hidden) lines.push(...renderFrame(related.position, 1, frames));
  }
  if (hint !== undefined) lines.push(`  ${paint.cyan('=')} ${printable(translate(hint))}`);
  return lines.join('\n');
}

/**
 * The line with a caret under the marked part, cut to the width around it. Nothing where the file is not at
 * hand.
 */
function renderFrame(position: SourcePosition, length: number, frames: Frames): readonly string[] {
  const { paint, width } = frames;
  const line = frames.linesOf(position.file)[position.line - 1];
  if (line === undefined || line.trim() === '') return [];
  const gutter = `  ${position.line} | `;
  const room = width - gutter.length;
  // Masking may have shortened the line; the caret then stands at its end.
  const column = Math.min(position.column - 1, line.length);
  // A line may have megabytes; what is this far from the mark is cut off anyway.
  const reach = 4 * width;
  const end = column + Math.min(length, reach);
  const before = printable(line.slice(Math.max(0, column - reach), column).replaceAll('\t', TAB));
  const marked = printable(line.slice(column, end).replaceAll('\t', TAB));
  const after = printable(line.slice(end, end + reach).replaceAll('\t', TAB));
  const lead = fitEnd(before, Math.max(Math.floor(room / 2), room - stringWidth(marked + after)));
  const text = fitStart(marked + after, room - stringWidth(lead));
  const carets = '^'.repeat(Math.max(1, Math.min(stringWidth(marked), room - stringWidth(lead))));
  return [
    `${paint.dim(gutter)}${lead}${text}`,
    `${paint.dim(`${' '.repeat(gutter.length - 2)}| `)}${' '.repeat(stringWidth(lead))}${paint.red(carets)}`,
  ];
}

/** The end of `text` in at most `columns` columns, with `…` where something was cut. */
function fitEnd(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  for (const character of Array.from(text).reverse()) {
    if (stringWidth(character + kept) > columns - 1) break;
    kept = character + kept;
  }
  return `…${kept}`;
}

function fitStart(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** `file:line:column`; a flag or a variable is shown by name. */
function describePosition({ file, line, column }: SourcePosition): string {
  return printable(/^(?:--|\$)/.test(file) ? file : `${file}:${line}:${column}`);
}

function renderCount(diagnostics: readonly Diagnostic[], { paint, translate }: Frames): string {
  const shown = diagnostics.filter(({ omitted }) => omitted === undefined);
  const errors = shown.filter(({ severity }) => severity === 'error').length;
  const warnings = shown.length - errors;
  return paint.bold(translate('cli.problems', { errors, warnings }));
}
