/** Reads the Markdown pages of the project into values that tests can ask. It never judges them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

interface CodeBlock {
  readonly language: string;
  /** What follows the language on the opening line, such as `run`. */
  readonly marker: string;
  readonly text: string;
  readonly line: number;
}

interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Page {
  /** Relative to the project's root, with forward slashes. */
  readonly name: string;
  readonly text: string;
  /** Level and text, such as `[2, 'Safety']`. */
  readonly headings: readonly (readonly [number, string])[];
  readonly anchors: ReadonlySet<string>;
  readonly blocks: readonly CodeBlock[];
  readonly links: readonly Link[];
}

/** Every page at the root and below docs/. */
export function readPages(): readonly Page[] {
  const below = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const names = [...readdirSync(ROOT), ...below.map((name) => `docs/${name.split(path.sep).join('/')}`)];
  return names
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map(readPage);
}

export function readPage(name: string): Page {
  return parsePage(name, readFileSync(path.join(ROOT, name), 'utf8'));
}

/** Knows what our own pages use: ATX headings, fenced blocks, inline links; no more of Markdown than that. */
export function parsePage(name: string, text: string): Page {
  const headings: (readonly [number, string])[] = [];
  const blocks: CodeBlock[] = [];
  const links: Link[] = [];
  let open: { language: string; marker: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^ {0,3}```(\S*) *(.*)$/.exec(line);
    if (fence !== null && open !== undefined) {
      const { lines, ...opening } = open;
      blocks.push({ ...opening, text: `${lines.join('\n')}\n` });
      open = undefined;
    } else if (fence !== null) {
      open = { language: fence[1] ?? '', marker: fence[2] ?? '', line: index + 1, lines: [] };
    } else if (open === undefined) {
      const heading = /^(#+) +(.*)$/.exec(line);
      if (heading !== null) headings.push([heading[1]?.length ?? 0, heading[2] ?? '']);
      for (const [, target = ''] of withoutCode(line).matchAll(/\]\(([^()\s]+)\)/g))
        links.push({ target, line: index + 1 });
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`${name}:${open.line}: the code block does not end`);
  const anchors = new Set(headings.map(([, heading]) => slugOf(heading)));
  return { name, text, headings, anchors, blocks, links };
}

function withoutCode(line: string): string {
  return line.replaceAll(/`[^`]*`/g, '');
}

/** The anchor that GitHub gives to a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}
