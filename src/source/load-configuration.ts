/**
 * The operator's files to a Configuration: reads the main file and what it includes, and gives either settings and the
 * desired state, or every Diagnostic at once. It never throws for a mistake of the operator, never writes, and keeps
 * nothing between calls.
 */

import path from 'node:path';
import type { FileReader } from '../lib/file-reader.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText } from '../model/identity.ts';
import { buildDesired } from './build-desired.ts';
import type { ConfigurationFile } from './config-types.ts';
import { createDiagnostic, quote } from './create-diagnostic.ts';
import { checkEntries } from './entry-rules.ts';
import { explainViolation } from './explain-violation.ts';
import { findIncluded, resolvePattern } from './find-included.ts';
import { startOf } from './mark.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';
import { readEntries } from './read-entries.ts';
import { type Environment, type Overrides, type ResolvedOverrides, readOverrides } from './read-overrides.ts';
import { readSource } from './read-source.ts';
import { resolveSettings } from './resolve-settings.ts';
import { createConfigurationValidator, type FilePart, type ShapeValidator } from './validate-shape.ts';

export { createConfigurationValidator };

export interface LoadOptions {
  /** The main file, as the operator wrote it; diagnostics show it like this. */
  readonly path: string;
  readonly environment: Environment;
  /** Values of flags; they beat the environment, which beats the file. */
  readonly overrides?: Overrides;
  readonly files: FileReader;
  /** Made once by who reads often; made anew when absent. */
  readonly validator?: ShapeValidator;
}

/** What was read, whether or not it is valid; for code frames and for the watcher. */
interface ReadFiles {
  /** Every file that was read or looked for, the main one first. */
  readonly files: readonly string[];
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
  readonly diagnostics: Diagnostic[];
  readonly files: string[];
  readonly includes: string[];
  readonly sources: Map<string, string>;
  readonly parsed: YamlFile[];
  /** Top-level keys of the main file below which the schema is violated. */
  readonly broken: Set<string>;
}

export async function loadConfiguration(options: LoadOptions): Promise<LoadedConfiguration> {
  const validator = options.validator ?? (await createConfigurationValidator());
  const loading: Loading = {
    reader: options.files,
    validator,
    diagnostics: [],
    files: [],
    includes: [],
    sources: new Map(),
    parsed: [],
    broken: new Set(),
  };
  const overrides = readOverrides(options.overrides ?? {}, options.environment);
  loading.diagnostics.push(...checkOverrides(overrides, validator));
  const main = await readFile(options.path, 'main', loading);
  if (main !== undefined) await readIncluded(main, loading);
  const entries = readEntries(loading.parsed);
  // Not spread into arguments: there may be one for each of 100,000 entries.
  for (const diagnostic of checkEntries(entries)) loading.diagnostics.push(diagnostic);
  const read = { files: loading.files, includes: loading.includes, sources: loading.sources };
  if (main !== undefined) {
    const config = validParts(main, loading);
    const resolved = resolveSettings({ file: main, config, overrides, environment: options.environment });
    loading.diagnostics.push(...resolved.diagnostics);
    if (!loading.diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
      const { settings } = resolved;
      const { files, sources } = loading;
      const configuration = { settings, desired: buildDesired(entries), files, sources };
      return { ok: true, configuration, warnings: order(loading), ...read };
    }
  }
  return { ok: false, diagnostics: order(loading), ...read };
}

/** The top-level parts of the main file that satisfy the schema: enough to find what is wrong between their fields. */
function validParts(main: YamlFile, loading: Loading): Partial<ConfigurationFile> {
  const parts = Object.entries(main.value as object).filter(([key]) => !loading.broken.has(key));
  return Object.fromEntries(parts) as Partial<ConfigurationFile>;
}

/** Reads, parses and checks one file. Undefined when it is not even a mapping; the reason is among the diagnostics. */
async function readFile(file: string, part: FilePart, loading: Loading): Promise<YamlFile | undefined> {
  const { diagnostics, validator } = loading;
  loading.files.push(file);
  const source = await readSource(file, loading.reader);
  if (!source.ok) {
    diagnostics.push(source.diagnostic);
    return undefined;
  }
  loading.sources.set(file, source.text);
  const parsed = await parseYaml(file, source.text);
  for (const diagnostic of parsed.diagnostics) diagnostics.push(diagnostic);
  if (parsed.file === undefined) return undefined;
  const { value } = parsed.file;
  if (value === null) {
    const hint = 'For an account without apps, write `version: 1` and `apps: {}`.';
    diagnostics.push(createDiagnostic('document_empty', `${file} is empty`, startOf(file), { hint }));
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    const message = `${file} must hold keys with values, as in \`apps: {}\``;
    diagnostics.push(createDiagnostic('document_not_mapping', message, parsed.file.locate.value([]).mark));
    return undefined;
  }
  for (const violation of validator.validate(value, part)) {
    const diagnostic = explainViolation(violation, parsed.file, validator.schema);
    if (diagnostic !== undefined) diagnostics.push(diagnostic);
    if (part === 'main') loading.broken.add(String(violation.pointer[0]));
  }
  loading.parsed.push(parsed.file);
  return parsed.file;
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
      const message = `${missing}, which \`include\` names, does not exist`;
      loading.diagnostics.push(createDiagnostic('include_missing', message, mark));
    } else if (paths.length === 0) {
      const message = `${quote(pattern)} matches no file`;
      loading.diagnostics.push(createDiagnostic('include_empty', message, mark, { severity: 'warning' }));
    }
    if (missing === undefined) for (const match of paths) found.add(match);
  }
  found.delete(main.path);
  for (const file of [...found].sort(compareText)) await readFile(file, 'included', loading);
}

/** Holds the overrides against the same schema, as if a file held only them. */
function checkOverrides(overrides: ResolvedOverrides, validator: ShapeValidator): readonly Diagnostic[] {
  const { baseUrl, stateDir, logLevel, logFormat, controlSocket, statusListen } = overrides;
  const value = {
    version: 1,
    apps: {},
    ...(baseUrl && { coze: { base_url: baseUrl.value } }),
    ...(stateDir && { state_dir: stateDir.value }),
    ...((logLevel || logFormat) && {
      log: { ...(logLevel && { level: logLevel.value }), ...(logFormat && { format: logFormat.value }) },
    }),
    ...(controlSocket && { control: { socket: controlSocket.value } }),
    ...(statusListen && { status: { listen: statusListen.value } }),
  };
  const origins: Readonly<Record<string, string | undefined>> = {
    'coze/base_url': baseUrl?.origin,
    state_dir: stateDir?.origin,
    'log/level': logLevel?.origin,
    'log/format': logFormat?.origin,
    'control/socket': controlSocket?.origin,
    'status/listen': statusListen?.origin,
  };
  return validator.validate(value).flatMap((violation) => {
    const origin = origins[violation.pointer.join('/')] ?? '';
    const located = { mark: startOf(origin), text: undefined };
    const locate = { key: () => located.mark, value: () => located };
    return explainViolation(violation, { path: origin, value, locate }, validator.schema) ?? [];
  });
}

/** By file in reading order, then by place. */
function order(loading: Loading): readonly Diagnostic[] {
  const rank = (diagnostic: Diagnostic) => loading.files.indexOf(diagnostic.position.file);
  return loading.diagnostics.toSorted(
    (left, right) =>
      rank(left) - rank(right) ||
      left.position.line - right.position.line ||
      left.position.column - right.position.column,
  );
}
