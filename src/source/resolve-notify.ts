/** Receivers of notifications: where their secrets are kept, never what they are. */

import { type Message, message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { looksLikeToken } from '../model/secret-shapes.ts';
import type { NotifySettings, SecretSource } from '../model/settings.ts';
import { NOTIFY_DEFAULTS, type Notify } from './config-types.ts';
import { createDiagnostic, quote, refuseToken } from './diagnostics.ts';
import type { Pointer } from './mark.ts';
import type { YamlFile } from './parse-yaml.ts';
import { resolveNetwork } from './resolve-network.ts';

export interface NotifyInput {
  readonly receivers: readonly Notify[];
  readonly file: YamlFile;
  /** A path of the file at `pointer`, absolute. */
  readonly resolvePath: (text: string, pointer: Pointer) => string;
  readonly diagnostics: Diagnostic[];
}

const SOURCES = ['url', 'url_file', 'url_env'] as const;
const SECRETS = ['secret_file', 'secret_env'] as const;

/** Receivers whose address cannot be determined are left out; the diagnostics say why. */
export function resolveNotify(input: NotifyInput): readonly NotifySettings[] {
  const { receivers } = input;
  const names = receivers.map(({ name }) => name);
  return receivers.flatMap((receiver, index) => {
    const first = names.indexOf(receiver.name);
    if (first < index) reportDuplicate(input, first, index);
    return resolveReceiver(receiver, index, input) ?? [];
  });
}

function resolveReceiver(receiver: Notify, index: number, input: NotifyInput): NotifySettings | undefined {
  const { name, format } = receiver;
  const quoted = quote(name);
  const report = createReport(input, index);
  const given = SOURCES.filter((field) => receiver[field] !== undefined);
  if (given.length !== 1) {
    const problem = message('source.receiver_url', { receiver: quoted });
    report('notify_address', given[1] ?? 'name', problem, message('source.receiver_url_hint'));
  }
  const url = resolveSource(receiver, index, input, 'url');
  if (url?.kind === 'text' && !/\$\{[A-Za-z_]\w*\}/.test(url.text)) {
    const problem = message('source.receiver_url_written', { receiver: quoted });
    report('token_in_config', 'url', problem, message('source.receiver_url_written_hint'));
  }
  const secrets = SECRETS.filter((field) => receiver[field] !== undefined);
  const [, second] = secrets;
  if (second !== undefined) {
    const problem = message('source.receiver_secrets', { receiver: quoted });
    report('notify_address', second, problem, message('source.receiver_secrets_hint'));
  }
  const [secretField] = secrets;
  if (secretField !== undefined && format !== 'feishu') {
    const problem = message('source.receiver_secret_format', {
      field: secretField,
      receiver: quoted,
      format,
    });
    report('field_not_for_type', secretField, problem, message('source.remove'));
  }
  const secret = resolveSource(receiver, index, input, 'secret');
  const defaults = NOTIFY_DEFAULTS;
  if (url === undefined) return undefined;
  return {
    name,
    format,
    url,
    ...(secret === undefined ? {} : { secret }),
    on: receiver.on ?? defaults.on,
    language: receiver.language ?? defaults.language,
    maxPerHour: receiver.max_per_hour ?? defaults.max_per_hour,
    allowHttp: receiver.allow_http ?? defaults.allow_http,
    network: resolveNetwork(receiver, ['notify', index], input.resolvePath),
  };
}

function resolveSource(
  receiver: Notify,
  index: number,
  { resolvePath, diagnostics, file: source }: NotifyInput,
  what: 'url' | 'secret',
): SecretSource | undefined {
  const file = receiver[`${what}_file`];
  const variable = receiver[`${what}_env`];
  for (const [field, text, place] of [
    [`${what}_file`, file, 'source.token_as_path'],
    [`${what}_env`, variable, 'source.token_as_variable'],
  ] as const) {
    if (text !== undefined && looksLikeToken(text))
      diagnostics.push(refuseToken(place, source.locate.value(['notify', index, field]).mark));
  }
  if (file !== undefined) return { kind: 'file', path: resolvePath(file, ['notify', index, `${what}_file`]) };
  if (variable !== undefined) return { kind: 'env', variable };
  return what === 'url' && receiver.url !== undefined ? { kind: 'text', text: receiver.url } : undefined;
}

function reportDuplicate({ receivers, file, diagnostics }: NotifyInput, first: number, index: number): void {
  const markOf = (at: number) => file.locate.value(['notify', at, 'name']).mark;
  const problem = message('source.receiver_twice', { receiver: quote(receivers[index]?.name ?? '') });
  const related = { message: message('source.receiver_first'), mark: markOf(first) };
  diagnostics.push(createDiagnostic('duplicate_notify', problem, markOf(index), { related }));
}

function createReport({ file, diagnostics }: NotifyInput, index: number) {
  return (
    code: Parameters<typeof createDiagnostic>[0],
    field: string,
    problem: Message,
    hint: Message,
  ): void => {
    const mark = file.locate.key(['notify', index, field]);
    diagnostics.push(createDiagnostic(code, problem, mark, { hint }));
  };
}
