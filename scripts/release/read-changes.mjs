// The part of CHANGELOG.md that is about one version.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './run-tool.mjs';

/** As Markdown. A version that has no part of its own yet takes *Unreleased*. */
export function readChanges(version, text = readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8')) {
  const parts = text.split(/^(?=## )/m);
  const part =
    parts.find((candidate) => /^## \[?([^\]\s]+)/.exec(candidate)?.[1] === version) ??
    parts.find((candidate) => candidate.startsWith('## Unreleased'));
  if (part === undefined) throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `# callbackd ${version}\n\n${part.slice(part.indexOf('\n')).trim()}\n`;
}
