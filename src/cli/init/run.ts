/**
 * `callbackd init`: a first configuration, by asking or from flags. It overwrites nothing and writes no
 * secret into the YAML.
 */

import path from 'node:path';
import { AppFailure } from '../../app/failure.ts';
import { type CommonFlags, TOKEN_VARIABLE } from '../../app/load-configuration.ts';
import { openImport } from '../../app/open-import.ts';
import { createFile, fileExists, removeFile } from '../../app/operator-files.ts';
import { readPackageFile } from '../../lib/package-file.ts';
import { message } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import {
  type CommandContext,
  type CommandRun,
  type Invocation,
  UsageError,
} from '../command-line/command-spec.ts';
import { quietWhileLive } from '../command-line/options.ts';
import { reportDiagnostics } from '../diagnostics/diagnostics-text.ts';
import { renderAccount } from '../import/run.ts';
import {
  askAnswers,
  type FullAnswers,
  fillAnswers,
  formatFirstConfiguration,
  formatNoApps,
  type GivenAnswers,
  SCHEMA_FILE,
} from './ask-answers.ts';

const NAME = 'callbackd.yaml';
const SECRET_MODE = 0o600;
/** The user of the service does not exist before it starts, so files without secrets are readable by all. */
const PUBLIC_MODE = 0o644;

export const run: CommandRun = async (invocation, context) => {
  const { terminal } = context;
  const file = typeof invocation.options['config'] === 'string' ? invocation.options['config'] : NAME;
  const resolve = (name: string) => (path.isAbsolute(name) ? name : path.join(path.dirname(file), name));
  if (await fileExists(file, context)) {
    throw new AppFailure('failed', message('app.file_exists', { file }), [message('cli.init_exists_advice')]);
  }
  const answers = await findAnswers(invocation, context, { file, resolve });
  const tokenFile = answers.tokenFile === undefined ? undefined : resolve(answers.tokenFile);
  const keepsToken = tokenFile !== undefined && answers.token !== undefined;
  if (keepsToken) await createFile(tokenFile, `${answers.token}\n`, { ...context, mode: SECRET_MODE });
  try {
    const flags = quietWhileLive(invocation, terminal);
    const written = await draft({ file, answers, flags }, context);
    if (written === undefined) {
      if (keepsToken) await removeFile(tokenFile, context);
      return 'invalid_configuration';
    }
    await createFile(file, written.text, { ...context, mode: PUBLIC_MODE });
    const schema = resolve(SCHEMA_FILE);
    const hasSchema = await fileExists(schema, context);
    if (!hasSchema)
      await createFile(schema, readPackageFile('schema/config.schema.json'), {
        ...context,
        mode: PUBLIC_MODE,
      });
    terminal.print(
      formatNext(terminal.translate, file, {
        ...written,
        answers,
        others: [...(hasSchema ? [] : [schema]), ...(keepsToken ? [tokenFile] : [])],
        lacksToken:
          tokenFile !== undefined && !(await fileExists(tokenFile, context)) ? tokenFile : undefined,
      }),
    );
    return 'ok';
  } catch (error) {
    // A retry asks for the token again: a wrong one must not stay.
    if (keepsToken && !(await fileExists(file, context))) await removeFile(tokenFile, context);
    throw error;
  }
};

async function findAnswers(
  { options }: Invocation,
  context: CommandContext,
  place: { readonly file: string; readonly resolve: (name: string) => string },
): Promise<FullAnswers> {
  const { terminal } = context;
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {});
  const given: GivenAnswers = {
    ...text('baseUrl'),
    ...text('tokenFile'),
    ...text('stateDir'),
    ...(options['import'] === true ? { importApps: true } : {}),
  };
  if (options['tokenStdin'] === true) {
    if (given.tokenFile === undefined) throw new UsageError(message('cli.init_needs_token_file'));
    const token = (await terminal.readInput()).trim();
    if (token === '') throw new UsageError(message('cli.init_no_token'));
    return { ...fillAnswers(given, place.file), token };
  }
  if (options['yes'] === true || !terminal.isInteractive) return fillAnswers(given, place.file);
  return askAnswers(given, context, {
    ...place,
    hasVariable: (context.environment[TOKEN_VARIABLE] ?? '') !== '',
  });
}

/** The text, checked by the loader that will read it; undefined after its problems were printed. */
async function draft(
  { file, answers, flags }: { file: string; answers: FullAnswers; flags: CommonFlags },
  context: CommandContext,
): Promise<{ readonly text: string; readonly entries: number } | undefined> {
  const { terminal } = context;
  const { translate } = terminal;
  const noApps = formatNoApps(translate);
  const empty = formatFirstConfiguration(answers, noApps, translate);
  // Flags are answers here: they are part of the text, where paths are relative to the file, not to the
  // working directory.
  const { logLevel } = flags;
  const opened = await openImport(logLevel === undefined ? {} : { logLevel }, { file, text: empty }, context);
  if (!opened.ok) {
    terminal.note(reportDiagnostics(opened.diagnostics, 'text', context));
    terminal.note(`${terminal.translate('cli.init_nothing')}\n`);
    return undefined;
  }
  if (!answers.importApps) return { text: empty, entries: 0 };
  const { text, entries } = await renderAccount(opened.session, undefined, context);
  const apps = text.slice(text.indexOf('\napps:') + 1);
  return { text: formatFirstConfiguration(answers, entries === 0 ? noApps : apps, translate), entries };
}

interface Written {
  readonly entries: number;
  readonly answers: FullAnswers;
  /** Written beside the configuration. */
  readonly others: readonly string[];
  /** Where the token has to be put. */
  readonly lacksToken: string | undefined;
}

function formatNext(
  translate: Translate,
  file: string,
  { entries, answers, others, lacksToken }: Written,
): string {
  const named = file === NAME ? '' : ` -c ${file}`;
  const steps: (readonly [string, string])[] = [
    ...(lacksToken === undefined
      ? []
      : [[`(umask 077; cat > ${lacksToken})`, translate('cli.init_paste')] as const]),
    ...(answers.tokenFile === undefined
      ? [['export COZE_API_TOKEN=...', translate('cli.init_where_unset')] as const]
      : []),
    [`callbackd doctor -q${named}`, translate('cli.init_next_doctor')],
    [`callbackd plan -q${named}`, translate('cli.init_next_plan')],
    [`callbackd apply -q${named}`, translate('cli.init_next_apply')],
    [`callbackd run${named}`, translate('cli.init_next_run')],
  ];
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    translate('cli.init_wrote', { file, count: entries, others: [...others] }),
    '',
    translate('cli.init_next'),
    ...steps.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`),
    '',
  ].join('\n');
}
