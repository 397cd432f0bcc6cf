/**
 * YAML text to a plain value that still knows where each part stands: text in, a YamlFile or every Diagnostic out. A large
 * file without fault is parsed piece by piece; any other as a whole.
 * It decides nothing about what the file should hold. Aliases are resolved within a bound, so that a few hundred bytes
 * cannot grow into gigabytes; keys are texts, and no mapping holds the same one twice.
 */

import type { Diagnostic } from '../model/diagnostic.ts';
import { createDiagnostic } from './create-diagnostic.ts';
import { createMarker } from './create-marker.ts';
import { cutYaml } from './cut-yaml.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { createYamlLocator, type YamlLocator } from './locate-yaml.ts';
import { findBottomlessNesting } from './measure-nesting.ts';
import { parsePieces, type YamlSource } from './parse-pieces.ts';
import { readYamlTree } from './read-yaml-tree.ts';
import { loadYaml } from './yaml-library.ts';

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

/** Repeated keys are found by `readYamlTree`, in linear time. At level `silent` a second document would be no error. */
const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;

/**
 * Entries of this much text are parsed at a time, where that can be: 100,000 entries then take 4.5 to 5 s of CPU time instead of
 * 9.5 s, and 205 MB instead of 680 MB; pieces ten times as large take 7.7 s and 360 MB.
 */
const PIECE_LENGTH = 8_192;

export async function parseYaml(path: string, text: string, pieceLength = PIECE_LENGTH): Promise<ParsedYaml> {
  const bottom = findBottomlessNesting(text);
  if (bottom !== undefined) {
    const message = 'the document is nested too deeply';
    const diagnostic = createDiagnostic('yaml_too_large', message, createMarker(path, text)(bottom, bottom));
    return { file: undefined, diagnostics: [diagnostic] };
  }
  const yaml = await loadYaml();
  const source: YamlSource = { path, text, yaml, parse: (part) => yaml.parseDocument(part, OPTIONS) };
  const cut = cutYaml(text, pieceLength);
  const pieced = cut && parsePieces(source, cut);
  return pieced ? { file: { path, ...pieced }, diagnostics: [] } : parseWhole(source);
}

function parseWhole({ path, text, yaml, parse }: YamlSource): ParsedYaml {
  const markAt = createMarker(path, text);
  const document = parse(text);
  const complaints = [...document.errors, ...document.warnings].map((complaint) => {
    const known = PARSER_CODES[complaint.code];
    const mark = markAt(complaint.pos[0], complaint.pos[1]);
    return createDiagnostic(known?.code ?? 'yaml_syntax', lowerFirst(complaint.message), mark, {
      hint: known?.hint,
    });
  });
  if (complaints.length > 0) return { file: undefined, diagnostics: complaints };
  const tree = readYamlTree(yaml, document, { markAt });
  if (!tree.isWhole) return { file: undefined, diagnostics: tree.diagnostics };
  const locate = createYamlLocator(yaml, document, { markAt, targets: tree.targets });
  return { file: { path, value: tree.value, locate }, diagnostics: tree.diagnostics };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
