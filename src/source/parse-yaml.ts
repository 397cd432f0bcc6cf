/**
 * YAML text to a plain value that still knows where each part stands: text in, a YamlFile or every Diagnostic out. A plain
 * file is read by a parser that is quick, any other by one that explains.
 * It decides nothing about what the file should hold. Aliases are resolved within a bound, so that a few hundred bytes
 * cannot grow into gigabytes; keys are texts, and no mapping holds the same one twice.
 */

import type { Diagnostic } from '../model/diagnostic.ts';
import { createDiagnostic } from './create-diagnostic.ts';
import { createMarker } from './create-marker.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { createYamlLocator, type YamlLocator } from './locate-yaml.ts';
import { findBottomlessNesting } from './measure-nesting.ts';
import { parsePlain } from './parse-plain.ts';
import { readYamlTree } from './read-yaml-tree.ts';
import { loadPlainYaml, loadYaml } from './yaml-library.ts';

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

export async function parseYaml(path: string, text: string): Promise<ParsedYaml> {
  const plain = parsePlain(await loadPlainYaml(), { path, text });
  return plain === undefined ? explainYaml(path, text) : { file: { path, ...plain }, diagnostics: [] };
}

/** The same for any text, plain or not, several times as slow. */
export async function explainYaml(path: string, text: string): Promise<ParsedYaml> {
  const markAt = createMarker(path, text);
  const bottom = findBottomlessNesting(text);
  if (bottom !== undefined) {
    const message = 'the document is nested too deeply';
    const diagnostic = createDiagnostic('yaml_too_large', message, markAt(bottom, bottom));
    return { file: undefined, diagnostics: [diagnostic] };
  }
  const yaml = await loadYaml();
  const document = yaml.parseDocument(text, OPTIONS);
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
  const locate = createYamlLocator(yaml, document, { markAt, targets: tree.targets });
  return { file: { path, value: tree.value, locate }, diagnostics: tree.diagnostics };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
