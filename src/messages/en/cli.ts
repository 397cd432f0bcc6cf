/** What commands print, ask and complain about. */

export const CLI = {
  'cli.help.one_of': ({ choices }: { readonly choices: string }) => `one of ${choices}`,
  'cli.help.default': ({ value }: { readonly value: string }) => `default ${value}`,
} as const;
