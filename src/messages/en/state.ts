/** What is said about the recorded state, its lock and the token sink. */

const START_AFRESH =
  'To start afresh, move all state.* files out of the directory: apps that equal their entries are then adopted again, ' +
  'for any other run `callbackd import` first.';

export const STATE = {
  'state.locked': ({ pid, host }: { readonly pid: number; readonly host: string }) =>
    `the state directory is held by process ${pid} on ${host}`,
  'state.locked_with_advice': ({ problem, advice }: { readonly problem: string; readonly advice: string }) =>
    `${problem}; ${advice}`,
  'state.locked_by_itself': 'which is this process itself',
  'state.lock_lost': 'which lost it again; try once more',
  'state.remove_lock': ({ file }: { readonly file: string }) => `if that process is gone, remove ${file}`,
  'state.refused_file': ({ file, problem }: { readonly file: string; readonly problem: string }) =>
    `${file} ${problem}`,
  'state.refused': ({ problem, advice }: { readonly problem: string; readonly advice: string }) =>
    `${problem}. ${advice}`,
  'state.companions_missing': 'is missing while other state files are there',
  'state.missing': 'is missing',
  'state.foreign': ({ theirs, ours }: { readonly theirs: string; readonly ours: string }) =>
    `belongs to ${theirs}, but this configuration talks to ${ours}`,
  'state.other_lineage': 'belongs to another state.json (its lineage differs)',
  'state.gap_before': ({ from, end }: { readonly from: number; readonly end: number }) =>
    `begins at serial ${from}, but the state before it ends at ${end}`,
  'state.gap_inside': ({ from, end }: { readonly from: number; readonly end: number }) =>
    `jumps from serial ${end} to a record that begins at serial ${from}`,
  'state.empty': 'is empty',
  'state.not_json': 'is not whole JSON',
  'state.no_version': 'has no format_version',
  'state.wrong_checksum': 'does not match its checksum',
  'state.unreadable_version': ({ version }: { readonly version: number }) =>
    `has format ${version}, which this version cannot read`,
  'state.damaged_first_line': 'has a damaged first line',
  'state.damaged_line': ({ line }: { readonly line: number }) =>
    `is damaged in line ${line} while later records are whole`,
  'state.newer': ({ version, known }: { readonly version: number; readonly known: number }) =>
    `has format ${version}, while this version reads up to format ${known}`,
  'state.restore_backup': ({ backup, file }: { readonly backup: string; readonly file: string }) =>
    `The snapshot before it is whole: restore it with \`cp -p ${backup} ${file}\`. ` +
    'Nothing is lost by that: the logs lead on from it.',
  'state.restore': `Restore it from a backup. ${START_AFRESH}`,
  'state.own_directory':
    'Give each endpoint its own state_dir, or set coze.base_url back. An account never shares state with another.',
  'state.newer_advice':
    'Run the callbackd version that wrote it, or a later one; going back is not supported.',
  'state.token_refused': ({ key }: { readonly key: string }) =>
    `the verify_token of ${key} is masked or empty, so it was not delivered`,
} as const;
