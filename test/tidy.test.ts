/**
 * Executes the rules of docs/ARCHITECTURE.md: import directions, cycles, purity, sizes, banned calls. Each failure says
 * what to do instead. The parser is oxc, so the rules look at syntax, not at text.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { findBannedWords } from './banned-words.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const FILE_LINES_MAX = 300;
const TEST_LINES_MAX = 600;
const FUNCTION_LINES_MAX = 70;
const FILES_PER_PACKAGE_MAX = 2;

/** Everything but the edges: what a composition root may import. */
const INNER = [
  'apply',
  'daemon',
  'documents',
  'lib',
  'log',
  'messages',
  'model',
  'notify',
  'observe',
  'plan',
  'platform',
  'reconcile',
  'record',
  'sandbox',
  'source',
];

/** What each folder of src/ may import from the others. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: ['messages'],
  lib: [],
  messages: [],
  plan: ['model', 'messages'],
  source: ['model', 'messages', 'lib'],
  platform: ['model', 'messages', 'lib'],
  observe: ['model', 'messages', 'lib'],
  apply: ['model', 'messages', 'lib'],
  record: ['model', 'messages', 'lib'],
  log: ['model', 'messages', 'lib'],
  notify: ['model', 'messages', 'lib'],
  sandbox: ['model', 'messages', 'lib'],
  reconcile: ['plan', 'model', 'messages', 'lib'],
  documents: ['plan', 'model', 'messages', 'lib'],
  daemon: ['documents', 'log', 'reconcile', 'plan', 'model', 'messages', 'lib'],
  cli: ['app', 'daemon', 'documents', 'reconcile', 'plan', 'model', 'messages', 'lib'],
  app: [...INNER, 'rehearsal'],
  /** A composition root of its own, for the simulated worlds. */
  rehearsal: INNER,
};
const ALL = Object.keys(MAY_IMPORT);
const PURE = ['messages', 'model', 'plan'];
/** Where a banned call is at home: the edge, the composition root, and the modules that wrap the system. */
const EDGE = ['main.ts', 'app/', 'lib/'];
const BANNED: readonly {
  readonly what: RegExp;
  readonly instead: string;
  readonly allowed: readonly string[];
}[] = [
  { what: /^Date\.now$/, instead: 'take a Clock', allowed: EDGE },
  { what: /^new Date\(\)$/, instead: 'take a Clock and use new Date(clock.now())', allowed: EDGE },
  { what: /^Math\.random$/, instead: 'take random: () => number', allowed: EDGE },
  { what: /^(setTimeout|setInterval|setImmediate)$/, instead: 'use clock.sleep', allowed: EDGE },
  { what: /^performance\.now$/, instead: 'use clock.monotonic', allowed: EDGE },
  { what: /^process(\.|$)/, instead: 'receive it as a plain value from main.ts', allowed: EDGE },
  { what: /^console(\.|$)/, instead: 'return the text, or use the event log', allowed: [] },
  { what: /^fetch$/, instead: 'use the HTTP client of lib/', allowed: [] },
];

interface SourceFile {
  /** Relative to src/, with forward slashes. */
  readonly name: string;
  readonly folder: string;
  readonly lines: number;
  readonly isTest: boolean;
  readonly imports: readonly string[];
  readonly problems: readonly string[];
}

const files = readSourceFiles();
const production = files.filter((file) => !file.isTest);

describe('the code base', () => {
  it('has only the folders of docs/ARCHITECTURE.md', () => {
    const unknown = production.filter((file) => !(file.folder in MAY_IMPORT) && file.name !== 'main.ts');
    expect(unknown.map((file) => file.name)).toEqual([]);
  });

  it('allows what the table of docs/ARCHITECTURE.md says, and the table lists every folder', () => {
    const page = readFileSync(path.join(ROOT, 'docs', 'ARCHITECTURE.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z]+)\/` +\|[^|]+\| (.+?) +\|$/gm)];
    const table = Object.fromEntries(rows.map(([, folder, allowed = '']) => [folder, foldersOf(allowed)]));
    const allowed = Object.entries(MAY_IMPORT).map(([folder, names]) => [folder, [...names].sort()]);
    expect(table).toEqual(Object.fromEntries(allowed));
  });

  it('imports only in the allowed directions', () => {
    const wrong = production.flatMap((file) =>
      file.imports
        .filter((target) => target.startsWith('.'))
        .map((target) => resolveImport(file, target))
        .filter((target) => !mayImport(file, target))
        .map((target) => `${file.name} imports ${target}: see the table in docs/ARCHITECTURE.md`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(findCycle()).toEqual([]);
  });

  it('imports each third-party package in one or two files only', () => {
    const users = new Map<string, string[]>();
    for (const file of production) {
      for (const target of file.imports) {
        if (target.startsWith('.') || target.startsWith('node:')) continue;
        const name = target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/');
        users.set(name, [...(users.get(name) ?? []), file.name]);
      }
    }
    const crowded = [...users].filter(([, names]) => new Set(names).size > FILES_PER_PACKAGE_MAX);
    expect(crowded).toEqual([]);
  });

  it('keeps node: modules out of the pure folders', () => {
    const wrong = production
      .filter((file) => PURE.includes(file.folder))
      .flatMap((file) =>
        file.imports.filter((target) => !target.startsWith('.')).map((t) => `${file.name}: ${t}`),
      );
    expect(wrong).toEqual([]);
  });

  it('has no banned call, impure planner, default export or long function', () => {
    expect(production.flatMap((file) => file.problems)).toEqual([]);
  });

  it('keeps files small', () => {
    const large = files.filter((file) => file.lines > (file.isTest ? TEST_LINES_MAX : FILE_LINES_MAX));
    expect(large.map((file) => `${file.name}: ${file.lines} lines; redesign rather than trim`)).toEqual([]);
  });

  it('says things in words that everybody knows, in code, comments and prose', () => {
    expect(findBannedWords()).toEqual([]);
  });

  it('has no files for leftovers', () => {
    const leftovers = files.filter((file) =>
      /(^|[/-])(util|utils|helper|helpers|common|misc)([./-]|$)/.test(file.name),
    );
    expect(leftovers.map((file) => file.name)).toEqual([]);
  });
});

/** What a cell of the table in docs/ARCHITECTURE.md stands for. */
function foldersOf(cell: string): string[] {
  if (cell.startsWith('nothing')) return [];
  const without = /^all but (.+)$/.exec(cell)?.[1]?.split(', ');
  const names = without === undefined ? cell.split(', ') : ALL.filter((folder) => !without.includes(folder));
  return [...names].sort();
}

function readSourceFiles(): SourceFile[] {
  const src = path.join(ROOT, 'src');
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => readSourceFile(name, readFileSync(path.join(src, name), 'utf8')));
}

function readSourceFile(name: string, text: string): SourceFile {
  const parsed = parseSync(name, text);
  if (parsed.errors.length > 0) throw new Error(`${name}: ${parsed.errors[0]?.message}`);
  const isTest = name.endsWith('.test.ts');
  const folder = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  const { staticImports, staticExports } = parsed.module;
  const reexports = staticExports.flatMap((e) => e.entries.flatMap((x) => x.moduleRequest?.value ?? []));
  const imports = [
    ...staticImports.map((i) => i.moduleRequest.value),
    ...reexports,
    ...dynamicImports(parsed, text),
  ];
  const problems = isTest ? [] : findProblems(name, folder, text, parsed);
  return { name, folder, lines: text.split('\n').length - 1, isTest, imports, problems };
}

type Parsed = ReturnType<typeof parseSync>;

function dynamicImports(parsed: Parsed, text: string): string[] {
  return parsed.module.dynamicImports
    .map((entry) => text.slice(entry.moduleRequest.start, entry.moduleRequest.end))
    .filter((request) => /^['"]/.test(request))
    .map((request) => request.slice(1, -1));
}

function findProblems(name: string, folder: string, text: string, parsed: Parsed): string[] {
  const problems: string[] = [];
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const report = (start: number, message: string) =>
    problems.push(`src/${name}:${lineOf(start)}: ${message}`);
  const banned = (start: number, what: string) => {
    for (const rule of BANNED) {
      const allowed = rule.allowed.some((prefix) => name.startsWith(prefix));
      if (rule.what.test(what) && !allowed) report(start, `${what}: ${rule.instead}`);
    }
  };
  const checkLength = (node: { start: number; end: number }) => {
    const length = lineOf(node.end) - lineOf(node.start) + 1;
    if (length > FUNCTION_LINES_MAX)
      report(node.start, `a function of ${length} lines; at most ${FUNCTION_LINES_MAX}`);
  };
  const impure = (node: { start: number }, what: string) => {
    if (PURE.includes(folder)) report(node.start, `${what} in a pure folder: take it as a parameter`);
  };
  new Visitor({
    FunctionDeclaration: checkLength,
    FunctionExpression: checkLength,
    ArrowFunctionExpression: checkLength,
    AwaitExpression: (node) => impure(node, 'await'),
    ExportDefaultDeclaration: (node) => report(node.start, 'default export: export by name'),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier') banned(node.start, node.callee.name);
    },
    NewExpression: (node) => {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date') return;
      if (node.arguments.length === 0) banned(node.start, 'new Date()');
      impure(node, 'Date');
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      banned(node.start, `${node.object.name}.${node.property.name}`);
    },
    Program: (node) => {
      for (const statement of node.body) {
        const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        if (declaration?.type === 'VariableDeclaration' && declaration.kind === 'let') {
          report(declaration.start, 'module-level let: hold it in an object that app/ makes');
        }
      }
    },
  }).visit(parsed.program);
  return problems;
}

function resolveImport(file: SourceFile, target: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(file.name), target));
}

function mayImport(file: SourceFile, target: string): boolean {
  if (target.startsWith('..')) return false;
  const targetFolder = target.includes('/') ? target.slice(0, target.indexOf('/')) : '';
  if (file.name === 'main.ts') return ['cli', 'app', 'model', 'messages', 'lib'].includes(targetFolder);
  return targetFolder === file.folder || (MAY_IMPORT[file.folder] ?? []).includes(targetFolder);
}

function findCycle(): string[] {
  const byName = new Map(production.map((file) => [file.name, file]));
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): string[] => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return [];
    const file = byName.get(name);
    for (const target of file?.imports.filter((t) => t.startsWith('.')) ?? []) {
      const cycle = visit(resolveImport(file as SourceFile, target), [...trail, name]);
      if (cycle.length > 0) return cycle;
    }
    done.add(name);
    return [];
  };
  for (const file of production) {
    const cycle = visit(file.name, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
