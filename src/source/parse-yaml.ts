/**
 * YAML text to a plain value that still knows where each part stands: text in, a YamlFile or every Diagnostic out.
 * It decides nothing about what the file should hold. Aliases are resolved within a bound, so that a few hundred bytes
 * cannot grow into gigabytes; keys are texts, and no mapping holds the same one twice.
 */

import type { Diagnostic } from '../model/diagnostic.ts';
import { createDiagnostic } from './create-diagnostic.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { createYamlLocator, type YamlLocator } from './locate-yaml.ts';
import { type Marker, startOf } from './mark.ts';
import { readYamlTree } from './read-yaml-tree.ts';
import { type LineCounter, loadYaml } from './yaml-library.ts';

export interface YamlFile {
  readonly path: string;
  readonly value: unknown;
  readonly locate: YamlLocator;
}

export interface ParsedYaml {
  /** Absent when the text is not YAML, or stands for more than can be read. */
  readonly file: YamlFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parser complaints that deserve words of their own; everything else is `yaml_syntax` in the parser's words. */
const PARSER_CODES: Readonly<Record<string, { readonly code: DiagnosticCode; readonly hint: string }>> = {
  TAB_AS_INDENT: { code: 'yaml_tab', hint: 'Indent with spaces.' },
  MULTIPLE_DOCS: { code: 'yaml_several_documents', hint: 'Keep one document; remove the `---` in between.' },
  TAG_RESOLVE_FAILED: { code: 'yaml_tag', hint: 'Write the plain value.' },
};

export async function parseYaml(path: string, text: string): Promise<ParsedYaml> {
  const yaml = await loadYaml();
  const lines = new yaml.LineCounter();
  const markAt = createMarker(path, text, lines);
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  let document: ReturnType<typeof yaml.parseDocument>;
  try {
    document = yaml.parseDocument(text, options);
  } catch (error) {
    // The parser recurses: thousands of nested brackets end in an overflow of the stack.
    if (!(error instanceof RangeError)) throw error;
    const diagnostic = createDiagnostic('yaml_too_large', 'the document is nested too deeply', startOf(path));
    return { file: undefined, diagnostics: [diagnostic] };
  }
  const complaints = [...document.errors, ...document.warnings].map((complaint) => {
    const known = PARSER_CODES[complaint.code];
    const mark = markAt(complaint.pos[0], complaint.pos[1]);
    return createDiagnostic(known?.code ?? 'yaml_syntax', lowerFirst(complaint.message), mark, {
      hint: known?.hint,
    });
  });
  if (complaints.length > 0) return { file: undefined, diagnostics: complaints };
  const tree = readYamlTree(yaml, document, markAt);
  if (!tree.isWhole) return { file: undefined, diagnostics: tree.diagnostics };
  const file = { path, value: tree.value, locate: createYamlLocator(yaml, document, markAt) };
  return { file, diagnostics: tree.diagnostics };
}

function createMarker(file: string, text: string, lines: LineCounter): Marker {
  return (start, end) => {
    const { line, col } = lines.linePos(Math.min(start, text.length));
    const stretch =
      text
        .slice(start, end)
        .split(/[\r\n]/, 1)[0]
        ?.trimEnd() ?? '';
    return {
      position: { file, line: Math.max(1, line), column: Math.max(1, col) },
      length: Math.max(1, stretch.length),
    };
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
