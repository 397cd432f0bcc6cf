/** `callbackd bundle`: a support archive with every secret masked. */

import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import type { Context } from '../../app/context.ts';
import { AppFailure } from '../../app/failure.ts';
import { findStateDir } from '../../app/find-last-good.ts';
import {
  type CommonFlags,
  findConfigurationPath,
  loadConfigurationFile,
} from '../../app/load-configuration.ts';
import { openControl } from '../../app/open-control.ts';
import { openPlanSession } from '../../app/open-plan-session.ts';
import { createFile } from '../../app/operator-files.ts';
import { formatPlanJson } from '../../documents/plan-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { verbatim } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { CommandRun } from '../command-line/command-spec.ts';
import { explainFailure } from '../command-line/failures.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { examine } from '../doctor/examine.ts';
import { formatFindingsJson } from '../doctor/view.ts';
import {
  asDocument,
  type BundleReport,
  type BundleRequest,
  createInputs,
  type Gathered,
  gatherConfiguration,
  gatherHost,
  gatherState,
  gatherSystemd,
  toMissingJson,
} from './gather.ts';
import { findSecret, gatherSecrets, type KnownSecret, maskText, refuseSecret } from './secrets.ts';

export const run: CommandRun = async (invocation, context) => {
  const { options } = invocation;
  const { print, translate } = context.terminal;
  const file = options['outputFile'];
  // Its own calls are no news: they would bury the few lines that are.
  const flags = { logLevel: 'warn' as const, ...readCommonFlags(invocation) };
  const request = {
    ...(typeof file === 'string' ? { file } : {}),
    plan: options['plan'] === true,
    offline: options['offline'] === true,
  };
  const report = await writeBundle(flags, request, context);
  if (readOutput(invocation) === 'json') {
    const { bytes, manifest } = report;
    const document = { format_version: 1, file: report.file, bytes, manifest };
    print(`${JSON.stringify(document, null, 2)}\n`);
    return 'ok';
  }
  const { missing, unread } = report;
  const { files } = report.manifest;
  const count = files.reduce((sum, { masked }) => sum + masked, 0);
  print(
    [
      translate('cli.bundle_written', {
        file: report.file,
        count: files.length,
        kib: Math.ceil(report.bytes / 1024),
      }),
      ...missing.map(({ name, because }) => `  ${translate('cli.bundle_without', { name, because })}`),
      ...unread.map(({ name, because }) => `  ${translate('cli.bundle_unchecked', { name, because })}`),
      translate('cli.bundle_masked', { count }),
      '',
    ].join('\n'),
  );
  return 'ok';
};

/**
 * Packs a support archive: gathers, masks, checks again for every secret of this host, and only then writes
 * it. It changes nothing else, neither on this host nor in the account.
 */
export async function writeBundle(
  flags: CommonFlags,
  request: BundleRequest,
  context: Context,
): Promise<BundleReport> {
  const { clock, version, cwd } = context;
  const inputs = createInputs();
  const { configuration, files } = await loadFiles(flags, inputs, context);
  const stateDir = configuration?.settings.stateDir ?? (await findStateDir(files[0] ?? '', flags, context));
  const yaml = await gatherConfiguration(inputs, files);
  const lastGood = await gatherState(inputs, path.resolve(cwd, stateDir));
  const secrets = await gatherSecrets(configuration?.settings, [...yaml, ...lastGood], context);
  await gatherHost(inputs, context);
  await gatherSystemd(inputs, context);
  await gatherAnswers(flags, request, { inputs, configuration, context });
  const masked = inputs.list.map(({ name, text, format }) => ({
    name,
    ...maskText(text, secrets.known, format),
  }));
  const now = new Date(clock.now()).toISOString();
  const manifest = {
    format_version: 1,
    created_at: now,
    callbackd: version,
    files: masked.map(({ name, text, masked: count }) => ({
      name,
      bytes: Buffer.byteLength(text),
      sha256: sha256(text),
      masked: count,
    })),
    missing: inputs.missing.map(toMissingJson),
    not_looked_for: secrets.unread.map(toMissingJson),
  };
  const all = [...masked, { name: 'manifest.json', text: asDocument(manifest) }];
  refuseSecrets(all, secrets.known);
  const stem = `callbackd-bundle-${now.replaceAll(/[-:]|\.\d+/g, '')}`;
  const file = request.file ?? `${stem}.tar.gz`;
  const archive = await pack(stem, all, clock.now());
  await createFile(file, archive, { cwd, mode: 0o600 });
  return { file, bytes: archive.length, manifest, missing: inputs.missing, unread: secrets.unread };
}

/**
 * The configuration, where it is valid; else the main file, and the findings of the doctor say what is wrong
 * with it.
 */
async function loadFiles(
  flags: CommonFlags,
  inputs: Gathered,
  context: Context,
): Promise<{ readonly configuration?: Configuration; readonly files: readonly string[] }> {
  let file: string;
  try {
    file = findConfigurationPath(flags, context);
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    inputs.miss('configuration/', error.problem);
    return { files: [] };
  }
  const loaded = await loadConfigurationFile(file, flags, context);
  if (!loaded.ok) return { files: [path.resolve(context.cwd, file)] };
  const { configuration } = loaded;
  return { configuration, files: configuration.files.map((name) => path.resolve(context.cwd, name)) };
}

interface AnswerParts {
  readonly inputs: Gathered;
  readonly configuration: Configuration | undefined;
  readonly context: Context;
}

/** What doctor, the daemon and, if asked for, a dry run say now. A part that fails is listed as missing. */
async function gatherAnswers(
  flags: CommonFlags,
  { plan, offline }: BundleRequest,
  { inputs, configuration, context }: AnswerParts,
): Promise<void> {
  const answer = async (name: string, ask: () => Promise<string>) => {
    try {
      inputs.add({ name, text: await ask() });
    } catch (error) {
      if (context.signals.interrupted.aborted) throw error;
      const text = error instanceof Error ? error.message : String(error);
      inputs.miss(name, explainFailure(error)?.problem ?? verbatim(text));
    }
  };
  await answer('doctor.json', async () => formatFindingsJson(await examine(flags, { offline }, context)));
  await answer('status.json', async () => asDocument(await (await openControl(flags, context)).status()));
  if (!plan || configuration === undefined) return;
  await answer('plan.json', async () => {
    const session = await openPlanSession(configuration, context);
    try {
      const grants = { allowDeletes: false, subjects: new Set<string>() };
      return formatPlanJson((await session.plan(grants, context.signals.interrupted)).plan);
    } finally {
      await session.close();
    }
  });
}

/** Throws when a secret is still there, in a text or a name. */
function refuseSecrets(
  files: readonly { readonly name: string; readonly text: string }[],
  known: readonly KnownSecret[],
): void {
  for (const { name, text } of files) {
    const found = findSecret(`${name}\n${text}`, known);
    if (found !== undefined) throw refuseSecret(name, found);
  }
}

async function pack(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
  now: number,
): Promise<Buffer> {
  const mtime = new Date(now);
  const entries = files.map(({ name, text }) => {
    const body = Buffer.from(text);
    return { header: { name: `${folder}/${name}`, size: body.length, mode: 0o600, mtime }, body };
  });
  return promisify(gzip)(await packTar(entries));
}
