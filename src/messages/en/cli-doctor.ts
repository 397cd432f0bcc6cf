/** What `doctor` finds and advises, and what `bundle` packs and misses. */

import { plural } from '../plural.ts';

interface Count {
  readonly count: number;
}

const DOCTOR = {
  'cli.doctor_well': 'All is well.',
} as const;

const BUNDLE = {
  'cli.bundle_written': ({ file, count, kib }: Count & { readonly file: string; readonly kib: number }) =>
    `Wrote ${file}: ${count} files, ${kib} KiB, readable by you alone.`,
  'cli.bundle_without': ({ name, because }: { readonly name: string; readonly because: string }) =>
    `without ${name}: ${because}`,
  'cli.bundle_unchecked': ({ name, because }: { readonly name: string; readonly because: string }) =>
    `not checked for ${name}: ${because}`,
  'cli.bundle_masked': ({ count }: Count) =>
    `${plural(count, 'place')} masked. Keys, names and URLs of your apps are in it: look before you send it.`,
  'cli.bundle_refused': (found: { readonly file: string; readonly what: string; readonly form: string }) =>
    `no bundle was written: ${found.file} would hold ${found.what}, ${found.form}`,
  'cli.bundle_refused_advice':
    'take it out of where it comes from and change it: whoever could read that file could read the secret',
  'cli.bundle_refused_bug':
    'where it comes from callbackd itself, report that first, and privately (CONTRIBUTING.md)',
} as const;

export const CLI_DOCTOR = { ...DOCTOR, ...BUNDLE } as const;
