/** What is said about the recorded state, its lock and the token sink. */

const START_AFRESH =
  'To start over, move all state.* files out of the directory. Apps that match their entries are then adopted again; ' +
  'for all others, run `callbackd import` first.';

export const STATE = {
  'state.locked': ({ pid, host }: { readonly pid: number; readonly host: string }) =>
    `the state directory is held by process ${pid} on ${host}`,
  'state.locked_with_advice': ({ problem, advice }: { readonly problem: string; readonly advice: string }) =>
    `${problem}; ${advice}`,
  'state.locked_by_itself': 'it is this process itself',
  'state.lock_lost': 'it has released it since; try again',
  'state.remove_lock': ({ file }: { readonly file: string }) =>
    `if that process no longer exists, remove ${file}`,
  'state.copied': ({ file }: { readonly file: string }) =>
    `this directory is a copy of one that was in use on that machine, and two callbackd must not share a state: give this machine an empty \`state_dir\`, or, if callbackd has ended there permanently, remove ${file}`,
  'state.refused_file': ({ file, problem }: { readonly file: string; readonly problem: string }) =>
    `${file} ${problem}`,
  'state.refused': ({ problem, advice }: { readonly problem: string; readonly advice: string }) =>
    `${problem}. ${advice}`,
  'state.companions_missing': 'is missing, but other state files exist',
  'state.missing': 'is missing',
  'state.foreign': ({ theirs, ours }: { readonly theirs: string; readonly ours: string }) =>
    `belongs to ${theirs}, but this configuration uses ${ours}`,
  'state.other_lineage': 'belongs to another state.json (its lineage differs)',
  'state.gap_before': ({ from, end }: { readonly from: number; readonly end: number }) =>
    `starts at serial ${from}, but the state before it ends at ${end}`,
  'state.gap_inside': ({ from, end }: { readonly from: number; readonly end: number }) =>
    `jumps from serial ${end} to a record that starts at serial ${from}`,
  'state.empty': 'is empty',
  'state.not_json': 'is not complete JSON',
  'state.no_version': 'has no format_version',
  'state.wrong_checksum': 'does not match its checksum',
  'state.unreadable_version': ({ version }: { readonly version: number }) =>
    `has format ${version}, which this version cannot read`,
  'state.damaged_first_line': 'has a damaged first line',
  'state.damaged_line': ({ line }: { readonly line: number }) =>
    `is damaged in line ${line}, but later records are intact`,
  'state.newer': ({ version, known }: { readonly version: number; readonly known: number }) =>
    `has format ${version}, but this version reads formats up to ${known}`,
  'state.restore_backup': ({ backup, file }: { readonly backup: string; readonly file: string }) =>
    `The previous snapshot is intact; restore it with \`cp -p ${backup} ${file}\`. ` +
    'Nothing is lost: the logs contain everything since then.',
  'state.restore': `Restore it from a backup. ${START_AFRESH}`,
  'state.own_directory':
    'Use a separate state_dir for each endpoint, or restore coze.base_url. Two accounts cannot share a state.',
  'state.newer_advice':
    'Run the callbackd version that wrote it, or a later one; downgrading is not supported.',
  'state.token_next_lost': ({ key }: { readonly key: string }) =>
    `the next verify_token of ${key} is not in the token sink any more`,
  'state.token_refused': ({ key }: { readonly key: string }) =>
    `the verify_token of ${key} is masked or empty, so it was not delivered`,
} as const;
