/**
 * Packs what somebody needs who was not there: gathers, masks, looks once more for every secret of this host, and only then
 * writes the archive. It changes nothing, neither here nor in the account.
 */

import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import { CommandFailure } from '../../cli/command-failure.ts';
import { explainFailure } from '../../cli/command-line/failures.ts';
import { formatFindingsJson } from '../../cli/doctor/view.ts';
import type { BundleReport, BundleRequest, CommonFlags } from '../../cli/ports.ts';
import { formatPlanJson } from '../../documents/plan-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Context } from '../context.ts';
import { createFile } from '../create-file.ts';
import { examine } from '../doctor/examine.ts';
import { findConfigurationPath, loadConfigurationFile } from '../load-configuration-file.ts';
import { openControl } from '../open-control.ts';
import { openPlanSession } from '../open-plan-session.ts';
import { STATE_DIR_DEFAULT } from '../run-service.ts';
import { translating } from '../translate-failure.ts';
import { findSecret, refuseSecret } from './find-secret.ts';
import { gatherConfiguration, gatherState } from './gather-files.ts';
import { gatherHost, gatherSystemd } from './gather-host.ts';
import { gatherSecrets } from './gather-secrets.ts';
import { asDocument, createInputs, type Gathered } from './inputs.ts';
import { type KnownSecret, maskText } from './mask-text.ts';

export async function writeBundle(
  flags: CommonFlags,
  request: BundleRequest,
  context: Context,
): Promise<BundleReport> {
  const { edge, clock, version } = context;
  const inputs = createInputs();
  const { configuration, files } = await loadFiles(flags, inputs, context);
  const stateDir =
    configuration?.settings.stateDir ??
    flags.stateDir ??
    edge.environment['CALLBACKD_STATE_DIR'] ??
    STATE_DIR_DEFAULT;
  const yaml = await gatherConfiguration(inputs, files);
  const lastGood = await gatherState(inputs, path.resolve(edge.cwd, stateDir));
  const secrets = await gatherSecrets(configuration?.settings, [...yaml, ...lastGood], edge);
  await gatherHost(inputs, context);
  await gatherSystemd(inputs);
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
    missing: inputs.missing,
    not_looked_for: secrets.unread,
  };
  const all = [...masked, { name: 'manifest.json', text: asDocument(manifest) }];
  refuseSecrets(all, secrets.known);
  const stem = `callbackd-bundle-${now.replaceAll(/[-:]|\.\d+/g, '')}`;
  const file = request.file ?? `${stem}.tar.gz`;
  const archive = await pack(stem, all, clock.now());
  await createFile(path.resolve(edge.cwd, file), archive, 0o600);
  return { file, bytes: archive.length, manifest };
}

/** The configuration, where it is valid; else the main file, and the findings of the doctor say what is wrong with it. */
async function loadFiles(
  flags: CommonFlags,
  inputs: Gathered,
  { edge }: Context,
): Promise<{ readonly configuration?: Configuration; readonly files: readonly string[] }> {
  let file: string;
  try {
    file = findConfigurationPath(flags, edge);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    inputs.miss('configuration/', error.message);
    return { files: [] };
  }
  const loaded = await loadConfigurationFile(file, flags, edge);
  if (!loaded.ok) return { files: [path.resolve(edge.cwd, file)] };
  const { configuration } = loaded;
  return { configuration, files: configuration.files.map((name) => path.resolve(edge.cwd, name)) };
}

interface AnswerParts {
  readonly inputs: Gathered;
  readonly configuration: Configuration | undefined;
  readonly context: Context;
}

/** What doctor, the daemon and, if asked for, a dry run say now. One that fails is told as missing. */
async function gatherAnswers(
  flags: CommonFlags,
  { plan, offline }: BundleRequest,
  { inputs, configuration, context }: AnswerParts,
): Promise<void> {
  const answer = async (name: string, ask: () => Promise<string>) => {
    try {
      inputs.add({ name, text: await translating(ask) });
    } catch (error) {
      if (context.edge.signals.interrupted.aborted) throw error;
      const known =
        error instanceof Error ? (explainFailure(error)?.message ?? error.message) : String(error);
      inputs.miss(name, known);
    }
  };
  await answer('doctor.json', async () => formatFindingsJson(await examine(flags, { offline }, context)));
  await answer('status.json', async () => asDocument(await (await openControl(flags, context)).status()));
  if (!plan || configuration === undefined) return;
  await answer('plan.json', async () => {
    const session = await openPlanSession(configuration, context);
    try {
      const grants = { allowDeletes: false, subjects: new Set<string>() };
      return formatPlanJson((await session.plan(grants, context.edge.signals.interrupted)).plan);
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
