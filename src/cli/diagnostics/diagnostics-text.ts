/** Loads the configuration for a command, and prints what is wrong with it: for people, as JSON, for GitHub. */

import stringWidth from 'fast-string-width';
import { loadConfiguration } from '../../app/load-configuration.ts';
import { readSourceText } from '../../app/operator-files.ts';
import { maskSecrets } from '../../documents/mask-secrets.ts';
import { printable } from '../../lib/printable.ts';
import type { Translate } from '../../messages/say.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { SourcePosition } from '../../model/desired.ts';
import { type Diagnostic, sayDiagnostic } from '../../model/diagnostic.ts';
import type { CommandContext, Invocation } from '../command-line/command-spec.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { createPaint, type Paint, type View } from '../views/layout.ts';

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

/** One `::error …::` or `::warning …::` per line; an empty text for no diagnostics. */
function renderDiagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
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
function renderDiagnosticsJson(all: readonly Diagnostic[]): string {
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
