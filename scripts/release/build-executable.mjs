// The single executable: src/ and its packages in one script, built with V8's code cache into a stripped Node.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installExecutableTools } from './executable-tools.mjs';
import { stageAssets } from './package-assets.mjs';
import { runTool } from './run-tool.mjs';
import { formatNotices, listBundled, readNodeNotice } from './third-party-notices.mjs';

/** Marks, in Node's own binary, where the script is found. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const STRIP = { x64: ['x86_64-linux-gnu-strip', 'strip'], arm64: ['aarch64-linux-gnu-strip'] };

/**
 * Builds `file` and, beside it, `THIRD-PARTY-NOTICES`. For another architecture than this machine's there is no code cache,
 * because only a running V8 can make one.
 */
export function buildExecutable({ file, arch, version }) {
  const tools = installExecutableTools(arch);
  const work = mkdtempSync(path.join(tmpdir(), 'callbackd-executable-'));
  try {
    const script = path.join(work, 'callbackd.cjs');
    const metafile = bundle(tools, script, path.join(work, 'inputs.json'));
    const blob = path.join(work, 'callbackd.blob');
    const isNative = arch === process.arch;
    const builder = isNative ? tools.targetNode : installExecutableTools(process.arch).targetNode;
    const assets = stageAssets(path.join(work, 'assets'), version, (page) => compilePage(tools, page));
    makeBlob({ builder, script, blob, work, assets, useCodeCache: isNative });
    mkdirSync(path.dirname(file), { recursive: true });
    const node = path.join(work, 'node');
    copyFileSync(tools.targetNode, node);
    // Before the script goes in: stripping the result would cut it off.
    strip(node, arch);
    runTool(process.execPath, [tools.postject, node, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE]);
    copyFileSync(node, file);
    chmodSync(file, 0o755);
    const notices = formatNotices(listBundled(metafile), readNodeNotice(tools.nodePackage));
    writeFileSync(path.join(path.dirname(file), 'THIRD-PARTY-NOTICES'), notices);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function bundle(tools, script, inputs) {
  runTool(process.execPath, [
    tools.esbuild,
    'src/main.ts',
    '--bundle',
    '--platform=node',
    '--target=node24',
    '--format=cjs',
    // A script inside the executable has no file of its own; packages that ask for theirs get the executable's.
    '--banner:js=const importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
    '--define:import.meta.url=importMetaUrl',
    '--define:import.meta.filename=__filename',
    '--define:import.meta.dirname=__dirname',
    '--legal-comments=none',
    '--log-level=error',
    `--metafile=${inputs}`,
    `--outfile=${script}`,
  ]);
  return JSON.parse(readFileSync(inputs, 'utf8'));
}

/** The settings of a tsconfig.json say nothing to a browser, and the file need not be there. */
function compilePage(tools, file) {
  const words = ['web/page.ts', '--bundle', '--format=esm', '--target=es2023', '--tsconfig-raw={}'];
  runTool(process.execPath, [tools.esbuild, ...words, '--log-level=error', `--outfile=${file}`]);
}

function makeBlob({ builder, script, blob, work, assets, useCodeCache }) {
  const configuration = {
    // Relative, because the name is part of what is built.
    main: path.basename(script),
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache,
    // Otherwise anybody with the same user id opens a debugger with one signal.
    execArgv: ['--disable-sigusr1'],
    assets,
  };
  const file = path.join(work, 'sea.json');
  writeFileSync(file, JSON.stringify(configuration));
  // A fixed seed, so that two builds give the same bytes; it is no part of what V8 compares before it takes the cache.
  runTool(builder, ['--random-seed=1', '--experimental-sea-config', file], { cwd: work });
}

function strip(file, arch) {
  const candidates = STRIP[arch];
  for (const command of candidates) {
    try {
      return runTool(command, ['-s', '--remove-section=.comment', file]);
    } catch (error) {
      if (error.cause?.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(
    `none of ${candidates.join(', ')} is installed (Debian: binutils, binutils-aarch64-linux-gnu)`,
  );
}
