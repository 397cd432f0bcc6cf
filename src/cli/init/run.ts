/** `callbackd init`: a first configuration, by asking or from flags. It overwrites nothing and writes no secret into the YAML. */

import path from 'node:path';
import { CommandFailure } from '../command-failure.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-line/command-spec.ts';
import { quietWhileLive } from '../command-line/options.ts';
import { reportDiagnostics } from '../diagnostics/report-diagnostics.ts';
import { renderAccount } from '../import/render-account.ts';
import type { CommonFlags, Toolbox } from '../ports.ts';
import { askAnswers, type FullAnswers, fillAnswers, type GivenAnswers } from './ask-answers.ts';
import { formatFirstConfiguration, NO_APPS, SCHEMA_FILE } from './first-configuration.ts';

const NAME = 'callbackd.yaml';
const SECRET_MODE = 0o600;
/** The service runs as a user without a name before the start: everyone may read what holds no secret. */
const PUBLIC_MODE = 0o644;

export const run: CommandRun = async (invocation, toolbox) => {
  const { terminal } = toolbox;
  const file = typeof invocation.options['config'] === 'string' ? invocation.options['config'] : NAME;
  const resolve = (name: string) => (path.isAbsolute(name) ? name : path.join(path.dirname(file), name));
  if (await toolbox.fileExists(file)) {
    throw new CommandFailure('failed', `${file} is there already`, [
      'nothing was written; name another with --config, or see what it does: callbackd plan',
    ]);
  }
  const answers = await findAnswers(invocation, toolbox, { file, resolve });
  const tokenFile = answers.tokenFile === undefined ? undefined : resolve(answers.tokenFile);
  const keepsToken = tokenFile !== undefined && answers.token !== undefined;
  if (keepsToken) await toolbox.createFile(tokenFile, `${answers.token}\n`, SECRET_MODE);
  try {
    const flags = quietWhileLive(invocation, terminal);
    const written = await draft({ file, answers, flags }, toolbox);
    if (written === undefined) {
      if (keepsToken) await toolbox.removeFile(tokenFile);
      return 'invalid_configuration';
    }
    await toolbox.createFile(file, written.text, PUBLIC_MODE);
    const schema = resolve(SCHEMA_FILE);
    const hasSchema = await toolbox.fileExists(schema);
    if (!hasSchema) await toolbox.createFile(schema, await toolbox.readSchema('config'), PUBLIC_MODE);
    terminal.print(
      formatNext(file, {
        ...written,
        answers,
        others: [...(hasSchema ? [] : [schema]), ...(keepsToken ? [tokenFile] : [])],
        lacksToken: tokenFile !== undefined && !(await toolbox.fileExists(tokenFile)) ? tokenFile : undefined,
      }),
    );
    return 'ok';
  } catch (error) {
    // Whoever tries again types the token again: a wrong one must not stay.
    if (keepsToken && !(await toolbox.fileExists(file))) await toolbox.removeFile(tokenFile);
    throw error;
  }
};

async function findAnswers(
  { options }: Invocation,
  toolbox: Toolbox,
  place: { readonly file: string; readonly resolve: (name: string) => string },
): Promise<FullAnswers> {
  const { terminal } = toolbox;
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {});
  const given: GivenAnswers = {
    ...text('baseUrl'),
    ...text('tokenFile'),
    ...text('stateDir'),
    ...(options['import'] === true ? { importApps: true } : {}),
  };
  if (options['tokenStdin'] === true) {
    if (given.tokenFile === undefined)
      throw new UsageError('--token-stdin needs --token-file: where to keep it');
    const token = (await terminal.readInput()).trim();
    if (token === '') throw new UsageError('--token-stdin: standard input holds no token');
    return { ...fillAnswers(given, place.file), token };
  }
  if (options['yes'] === true || !terminal.isInteractive) return fillAnswers(given, place.file);
  return askAnswers(given, toolbox, { ...place, hasVariable: toolbox.hasTokenVariable() });
}

/** The text, checked by the loader that will read it; undefined after its problems were told. */
async function draft(
  { file, answers, flags }: { file: string; answers: FullAnswers; flags: CommonFlags },
  toolbox: Toolbox,
): Promise<{ readonly text: string; readonly entries: number } | undefined> {
  const { terminal } = toolbox;
  const empty = formatFirstConfiguration(answers, NO_APPS);
  // Flags are answers here: they stand in the text, and must not be taken from the working directory instead.
  const { logLevel } = flags;
  const opened = await toolbox.openImport(logLevel === undefined ? {} : { logLevel }, { file, text: empty });
  if (!opened.ok) {
    terminal.note(reportDiagnostics(opened.diagnostics, 'text', toolbox));
    terminal.note('Nothing was written.\n');
    return undefined;
  }
  if (!answers.importApps) return { text: empty, entries: 0 };
  const { text, entries } = await renderAccount(opened.session, undefined, toolbox);
  const apps = text.slice(text.indexOf('\napps:') + 1);
  return { text: formatFirstConfiguration(answers, entries === 0 ? NO_APPS : apps), entries };
}

interface Written {
  readonly entries: number;
  readonly answers: FullAnswers;
  /** Written beside the configuration. */
  readonly others: readonly string[];
  /** Where the token has to be put. */
  readonly lacksToken: string | undefined;
}

function formatNext(file: string, { entries, answers, others, lacksToken }: Written): string {
  const named = file === NAME ? '' : ` -c ${file}`;
  const beside = others.length === 0 ? '' : `, and ${others.join(' and ')} beside it`;
  const apps = `${entries} ${entries === 1 ? 'app' : 'apps'}`;
  const steps: (readonly [string, string])[] = [
    ...(lacksToken === undefined
      ? []
      : [[`(umask 077; cat > ${lacksToken})`, 'paste the API token, Ctrl-D'] as const]),
    ...(answers.tokenFile === undefined
      ? [['export COZE_API_TOKEN=...', 'where it is not set yet'] as const]
      : []),
    [`callbackd doctor -q${named}`, 'check everything it depends on'],
    [`callbackd plan -q${named}`, 'see what would change; writes nothing'],
    [`callbackd apply -q${named}`, 'make it so'],
    [`callbackd run${named}`, 'keep it so'],
  ];
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `Wrote ${file} with ${apps}${beside}.`,
    '',
    'Next:',
    ...steps.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`),
    '',
  ].join('\n');
}
