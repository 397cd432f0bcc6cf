// The licence notices of everything the executable holds: each bundled package, as the bundler saw it, and Node itself.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './run-tool.mjs';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.\w+)?$/i;
const RULE = `\n${'='.repeat(100)}\n`;

/** The packages that a bundle holds, by the bundler's own account of its inputs. */
export function listBundled(metafile) {
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((input) => {
      const match = /^(?:\.\.\/)*(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      return match === null ? [] : [match[1]];
    }),
  );
  return [...folders].sort().map((folder) => readPackage(path.join(ROOT, folder)));
}

/** The text of THIRD-PARTY-NOTICES. */
export function formatNotices(packages, node) {
  const head = [
    'callbackd is licensed under the Apache License 2.0 (file LICENSE). Its executable also holds the software below,',
    'each under its own licence.',
    '',
    ...packages.map(({ name, version, license }) => `- ${name} ${version} (${license})`),
    `- Node.js ${node.version} (MIT, and the licences of what it holds)`,
    '',
  ].join('\n');
  const parts = packages.map(({ name, version, text }) => `${name} ${version}\n\n${text.trim()}\n`);
  return [head, ...parts, `Node.js ${node.version}\n\n${node.text.trim()}\n`].join(RULE);
}

/** Node as it goes into the executable. */
export function readNodeNotice(folder) {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return { version, text: readFileSync(path.join(folder, 'LICENSE'), 'utf8') };
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  if (files.length === 0)
    throw new Error(`${name} ${version} ships no licence text; its notice cannot be given`);
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  return { name, version, license, text };
}
