/**
 * YAML text to plain values that know where they stand, with every problem of the text at once, in bounded
 * time and memory.
 */

import { Composer, CST, type Document, Lexer, Parser } from 'yaml';
import { type Message, message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InternalError } from '../model/invariant.ts';
import { createDiagnostic, type DiagnosticCode, PROBLEMS_MAX, type Problems } from './diagnostics.ts';
import { createMarker, type Marker } from './mark.ts';
import { createYamlLocator, readYamlTree, type YamlLocator } from './yaml-tree.ts';

export interface YamlFile {
  readonly path: string;
  readonly value: unknown;
  readonly locate: YamlLocator;
}

/** The shared budget of the files of one configuration; the parser subtracts what a text took. */
export interface ParseBudget {
  tokens: number;
  marks: number;
}

/**
 * What the lexer of `yaml` gives for all files together: words, marks, spaces, line breaks. 10,000 entries of
 * four fields have 430,000; with every field, six events and a comment 1,560,000. The parser keeps an object
 * for each, 100 to 250 bytes.
 */
export const TOKENS_MAX = 2_000_000;

/**
 * Tokens that make a key or an item, which cost most: 250,000 for the 10,000 entries with every field. Within
 * both bounds, 20 kinds of hostile text stay within the heap that Node has in the 1 GiB of the unit (524 MiB,
 * measured on Node 20), where 2,000,000 tokens of `[a,a,...` do not.
 */
export const MARKS_MAX = 500_000;
const MARKS: ReadonlySet<string> = new Set(['-', '?', ':', ',', '[', ']', '{', '}', '---']);
/** What the lexer puts between the pieces of the text. */
const CONTROLS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/**
 * Brackets and indentation that are open at once: far beyond the six levels of a configuration, far below
 * what the stack holds. The parser recurses, and on Node 20 a nearly full stack aborts the process when a
 * regular expression is compiled there.
 */
const NESTING_MAX = 200;

/**
 * Parser complaints that deserve words of their own; everything else is `yaml_syntax` in the parser's words.
 */
const PARSER_CODES: Readonly<Record<string, { readonly code: DiagnosticCode; readonly hint: Message }>> = {
  TAB_AS_INDENT: { code: 'yaml_tab', hint: message('source.yaml_tab_hint') },
  MULTIPLE_DOCS: { code: 'yaml_several_documents', hint: message('source.yaml_documents_hint') },
  TAG_RESOLVE_FAILED: { code: 'yaml_tag', hint: message('source.yaml_tag_hint') },
};

/** Repeated keys are found by `readYamlTree`, in linear time. */
const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;

interface Complaint {
  readonly code: string;
  readonly text: string;
  readonly pos: readonly [start: number, end: number];
}

/**
 * Undefined when the text is not YAML or stands for more than can be read; the reasons are among the
 * problems.
 */
export function parseYaml(
  path: string,
  text: string,
  { budget, problems }: { readonly budget: ParseBudget; readonly problems: Problems },
): YamlFile | undefined {
  const markAt = createMarker(path, text);
  const refuse = (problem: Message, at: number) =>
    problems.add(createDiagnostic('yaml_too_large', problem, markAt(at, at)));
  const bottom = findBottomlessNesting(text);
  if (bottom !== undefined) return void refuse(message('source.nesting'), bottom);
  const { tokens, offset } = tokenize(text, budget);
  if (budget.tokens < 0) return void refuse(message('source.tokens', { count: TOKENS_MAX }), offset);
  if (budget.marks < 0) return void refuse(message('source.marks', { count: MARKS_MAX }), offset);
  const { document, complaints, omitted } = compose(tokens, text);
  for (const complaint of complaints) problems.add(explain(complaint, markAt));
  problems.omit(omitted);
  if (complaints.length > 0) return undefined;
  const tree = readYamlTree(document, markAt, problems);
  if (!tree.isWhole) return undefined;
  return { path, value: tree.value, locate: createYamlLocator(document, { markAt, targets: tree.targets }) };
}

/** The parser's tokens. They end where the budget does, which is then below 0, at that offset. */
function tokenize(text: string, budget: ParseBudget): { tokens: CST.Token[]; offset: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    budget.tokens -= 1;
    if (MARKS.has(lexeme)) budget.marks -= 1;
    if (budget.tokens < 0 || budget.marks < 0) return { tokens, offset };
    if (!CONTROLS.has(lexeme)) offset += lexeme.length;
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, offset };
}

/**
 * The document of the tokens and what the parser says against it. The composer makes an error with a stack
 * for each complaint, millions for some texts, and has no option to stop: so its own collector is replaced by
 * one that counts. Where an update of the package calls another, its complaints are found on the document as
 * ever, and a test fails.
 */
function compose(
  tokens: readonly CST.Token[],
  text: string,
): { readonly document: Document; readonly complaints: readonly Complaint[]; readonly omitted: number } {
  const complaints: Complaint[] = [];
  let omitted = 0;
  const complain = (complaint: Complaint) => {
    if (complaints.length < PROBLEMS_MAX) complaints.push(complaint);
    else omitted += 1;
  };
  const composer = new Composer(OPTIONS);
  Object.assign(composer, {
    onError: (source: ErrorSource, code: string, text: string) =>
      complain({ code, text, pos: positionOf(source) }),
  });
  const second = tokens.filter((token) => token.type === 'document')[1];
  const first = second === undefined ? tokens : tokens.slice(0, tokens.indexOf(second));
  let strays = 0;
  const composed = first.filter((token) => token.type !== 'error' || ++strays <= PROBLEMS_MAX);
  omitted += first.length - composed.length;
  const [document] = composer.compose(composed, true, text.length);
  if (document === undefined) throw new InternalError('the parser made no document');
  for (const { code, message: words, pos } of [...document.errors, ...document.warnings])
    complain({ code, text: words, pos });
  if (second !== undefined) {
    const words = 'Source contains multiple documents; please use YAML.parseAllDocuments()';
    complain({ code: 'MULTIPLE_DOCS', text: words, pos: [second.offset, text.length] });
  }
  return { document, complaints, omitted };
}

type ErrorSource =
  | number
  | readonly [start: number, end: number]
  | { readonly offset: number; readonly source?: string };

function positionOf(source: ErrorSource): readonly [start: number, end: number] {
  if (typeof source === 'number') return [source, source + 1];
  if ('offset' in source) return [source.offset, source.offset + (source.source?.length ?? 1)];
  return source;
}

function explain({ code, text, pos }: Complaint, markAt: Marker): Diagnostic {
  const known = PARSER_CODES[code];
  // What the parser quotes of the file comes after a colon, and can be anything.
  const [words = ''] = text.split(/: ?(?=["'`!%]|\S*$)/, 1);
  const problem = message('source.yaml', { code, text: words.charAt(0).toLowerCase() + words.slice(1) });
  return createDiagnostic(known?.code ?? 'yaml_syntax', problem, markAt(pos[0], pos[1]), {
    hint: known?.hint,
  });
}

/**
 * Where brackets and indentation open too much, as an offset into the text. It knows no quotes, so a text
 * with hundreds of unbalanced brackets counts too.
 */
function findBottomlessNesting(text: string): number | undefined {
  let open = 0;
  let lead = 0;
  let isLead = true;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text.charAt(offset);
    if (character === '\n') {
      isLead = true;
      lead = 0;
    } else if (isLead && ' -?\t'.includes(character)) {
      lead += 1;
    } else {
      isLead = false;
      if (character === '[' || character === '{') open += 1;
      else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    }
    if (open > NESTING_MAX || (lead > NESTING_MAX && isLead)) return offset;
  }
  return undefined;
}
