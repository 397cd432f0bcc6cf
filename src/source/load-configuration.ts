/** Reads the operator's files: a `Configuration`, or every problem at once. */

import path from 'node:path';
import type { FileReader } from '../lib/file-reader.ts';
import { mapTexts, message } from '../messages/message.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText } from '../model/identity.ts';
import type { Overrides } from '../model/overrides.ts';
import { buildDesired, readEntries } from './build-desired.ts';
import type { ConfigurationFile } from './config-types.ts';
import {
  countOmitted,
  createDiagnostic,
  createProblems,
  type Problems,
  quote,
  withoutKeys,
} from './diagnostics.ts';
import { checkEntries } from './entry-rules.ts';
import { explainViolation, isEcho } from './explain-violation.ts';
import { startOf } from './mark.ts';
import { type Environment, type ResolvedOverrides, readOverrides } from './overrides.ts';
import type { ParseBudget, YamlFile } from './parse-yaml.ts';
import { CONFIGURATION_BYTES_MAX, readSource } from './read-source.ts';
import { resolveSettings } from './resolve-settings.ts';
import { findIncluded, resolvePattern } from './survey-files.ts';
import { createConfigurationValidator, type FilePart, type ShapeValidator } from './validate-shape.ts';

export { createConfigurationValidator };

export interface LoadOptions {
  /** The main file, as the operator wrote it; diagnostics show it like this. */
  readonly path: string;
  readonly environment: Environment;
  /** Values of flags; they beat the environment, which beats the file. */
  readonly overrides?: Overrides;
  readonly files: FileReader;
  /** Compile once and reuse; compiled for each call when absent. */
  readonly validator?: ShapeValidator;
}

/** What was read, whether or not it is valid; for code frames and for the watcher. */
interface ReadFiles {
  /** Every file that was read or looked for, the main one first. */
  readonly files: readonly string[];
  /** Those that the system refused to read, perhaps for a passing reason. */
  readonly refused: readonly string[];
  /** Resolved patterns of `include:`. */
  readonly includes: readonly string[];
  /** Text by the path that positions carry. */
  readonly sources: ReadonlyMap<string, string>;
}

export type LoadedConfiguration = ReadFiles &
  (
    | {
        readonly ok: true;
        readonly configuration: Configuration;
        readonly warnings: readonly Diagnostic[];
      }
    | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  );

/** What is gathered while the files are read. */
interface Loading {
  readonly reader: FileReader;
  readonly validator: ShapeValidator;
  readonly parser: typeof import('./parse-yaml.ts');
  readonly problems: Problems;
  readonly files: string[];
  readonly refused: string[];
  readonly includes: string[];
  readonly sources: Map<string, string>;
  readonly parsed: YamlFile[];
  /** Top-level keys of the main file below which the schema is violated. */
  readonly broken: Set<string>;
  readonly budget: ParseBudget;
  bytesLeft: number;
}

/** Never rejects for a mistake of the operator; writes nothing and keeps nothing between calls. */
export async function loadConfiguration(options: LoadOptions): Promise<LoadedConfiguration> {
  const { path: mainPath, environment } = options;
  const loading = await startLoading(options);
  const { problems, files, refused, includes, sources } = loading;
  const overrides = readOverrides(options.overrides ?? {}, environment);
  for (const diagnostic of checkOverrides(overrides, loading.validator)) problems.add(diagnostic);
  const main = await readFile(mainPath, 'main', loading);
  if (main !== undefined) await readIncluded(main, loading);
  const entries = readEntries(loading.parsed);
  for (const diagnostic of checkEntries(entries)) problems.add(diagnostic);
  const read = { files, refused, includes, sources };
  if (main !== undefined) {
    const config = validParts(main, loading);
    const resolved = resolveSettings({ file: main, config, overrides, environment });
    for (const diagnostic of resolved.diagnostics) problems.add(diagnostic);
    if (!problems.hasErrors()) {
      const configuration = { settings: resolved.settings, desired: buildDesired(entries), ...read };
      return { ok: true, configuration, warnings: order(loading), ...read };
    }
  }
  return { ok: false, diagnostics: order(loading), ...read };
}

/** The YAML parser is loaded here, because most commands read no file or none at first. */
async function startLoading({ files, validator }: LoadOptions): Promise<Loading> {
  const parser = await import('./parse-yaml.ts');
  return {
    reader: files,
    validator: validator ?? (await createConfigurationValidator()),
    parser,
    problems: createProblems(),
    files: [],
    refused: [],
    includes: [],
    sources: new Map(),
    parsed: [],
    broken: new Set(),
    budget: { tokens: parser.TOKENS_MAX, marks: parser.MARKS_MAX },
    bytesLeft: CONFIGURATION_BYTES_MAX,
  };
}

/**
 * The top-level parts of the main file that satisfy the schema: enough to find what is wrong between their
 * fields.
 */
function validParts(main: YamlFile, loading: Loading): Partial<ConfigurationFile> {
  const parts = Object.entries(main.value as object).filter(([key]) => !loading.broken.has(key));
  return Object.fromEntries(parts) as Partial<ConfigurationFile>;
}

/**
 * Reads, parses and checks one file. Undefined when it is not even a mapping; the reason is among the
 * diagnostics.
 */
async function readFile(file: string, part: FilePart, loading: Loading): Promise<YamlFile | undefined> {
  const { problems, budget } = loading;
  loading.files.push(file);
  const source = await readSource(file, loading.reader, loading.bytesLeft);
  if (!source.ok) {
    problems.add(source.diagnostic);
    if (source.isRefused) loading.refused.push(file);
    return undefined;
  }
  loading.bytesLeft -= source.bytes;
  loading.sources.set(file, source.text);
  const parsed = loading.parser.parseYaml(file, source.text, { budget, problems });
  if (parsed === undefined) return undefined;
  const { value } = parsed;
  if (value === null) {
    const hint = message('source.file_empty_hint');
    problems.add(
      createDiagnostic('document_empty', message('source.file_empty', { file }), startOf(file), { hint }),
    );
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    const problem = message('source.file_no_mapping', { file });
    problems.add(createDiagnostic('document_not_mapping', problem, parsed.locate.value([]).mark));
    return undefined;
  }
  if (part === 'included' && !Object.hasOwn(value, 'apps')) {
    problems.add(
      createDiagnostic('missing_key', message('source.file_needs_key', { key: 'apps' }), startOf(file)),
    );
    return undefined;
  }
  checkShape(parsed, part, loading);
  loading.parsed.push(parsed);
  return parsed;
}

/** What would only be counted is not put into words. */
function checkShape(file: YamlFile, part: FilePart, { validator, problems, broken }: Loading): void {
  for (const violation of validator.validate(file.value, part)) {
    if (part === 'main') broken.add(String(violation.pointer[0]));
    if (isEcho(violation)) continue;
    if (problems.isFull()) problems.omit(1);
    else problems.add(explainViolation(violation, file, validator.schema));
  }
}

async function readIncluded(main: YamlFile, loading: Loading): Promise<void> {
  const { include } = main.value as { readonly include?: unknown };
  if (!Array.isArray(include)) return;
  const folder = path.dirname(main.path);
  const found = new Set<string>();
  for (const [index, pattern] of include.entries()) {
    if (typeof pattern !== 'string' || pattern === '') continue;
    const resolved = resolvePattern(pattern, folder);
    loading.includes.push(resolved);
    const { paths, missing } = await findIncluded(resolved, loading.reader);
    const { mark } = main.locate.value(['include', index]);
    if (missing !== undefined) {
      const problem = message('source.include_missing', { file: withoutKeys(missing) });
      loading.problems.add(createDiagnostic('include_missing', problem, mark));
    } else if (paths.length === 0) {
      const problem = message('source.include_empty', { pattern: quote(pattern) });
      loading.problems.add(createDiagnostic('include_empty', problem, mark, { severity: 'warning' }));
    }
    if (missing === undefined) for (const match of paths) found.add(match);
  }
  found.delete(main.path);
  for (const file of [...found].sort(compareText)) await readFile(file, 'included', loading);
}

/** Checks the overrides by the same schema, as if a file held only them. */
function checkOverrides(overrides: ResolvedOverrides, validator: ShapeValidator): readonly Diagnostic[] {
  const value: Record<string, unknown> = { version: 1, apps: {} };
  for (const { setting, text } of overrides.values()) {
    const [section = '', field] = setting.split('.');
    value[section] = field === undefined ? text : { ...(value[section] as object), [field]: text };
  }
  return validator
    .validate(value)
    .filter((violation) => !isEcho(violation))
    .map((violation) => {
      const origin = overrides.get(violation.pointer.join('.'))?.origin ?? '';
      const located = { mark: startOf(origin), text: undefined };
      const locate = { key: () => located.mark, value: () => located };
      return explainViolation(violation, { path: origin, value, locate }, validator.schema);
    });
}

/** By file in reading order, then by place; at the end what is only counted. */
function order({ problems, files, sources }: Loading): readonly Diagnostic[] {
  const { shown: found, omitted } = problems.list();
  const foreign = new Set(files.filter((file) => !looksLikeOurs(sources.get(file) ?? '')));
  const shown = found.map((diagnostic) =>
    foreign.has(diagnostic.position.file) ? hide(diagnostic) : diagnostic,
  );
  const rank = new Map(files.map((file, index) => [file, index]));
  const rankOf = ({ position }: Diagnostic) => rank.get(position.file) ?? -1;
  const sorted = shown.toSorted(
    (left, right) =>
      rankOf(left) - rankOf(right) ||
      left.position.line - right.position.line ||
      left.position.column - right.position.column,
  );
  const [main = ''] = files;
  return omitted === 0 ? sorted : [...sorted, countOmitted(omitted, main)];
}

/**
 * A file without any of these keys is not ours, and may be a file of secrets that `include` names by mistake.
 */
function looksLikeOurs(text: string): boolean {
  return /^\s*\{?\s*["']?(?:apps|version)["']?\s*:/m.test(text);
}

/** The problem without a word of the file. */
function hide(diagnostic: Diagnostic): Diagnostic {
  const { hint, message: problem, ...rest } = diagnostic;
  if (!QUOTING.includes(diagnostic.code)) return { ...diagnostic, hidden: true };
  return { ...rest, message: mapTexts(problem, () => '`***`'), hidden: true };
}

/** Their messages name what is written in the file. */
const QUOTING = ['duplicate_key', 'key_not_text', 'yaml_alias', 'unknown_key', 'token_in_config', 'bad_key'];
