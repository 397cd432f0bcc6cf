/** Sentences that belong to no single part. */

export const GENERAL = {
  verbatim: ({ text }: { readonly text: string }) => text,
  recorded: ({ text }: { readonly text: string }) => text,
  labelled: ({ label, value }: { readonly label: string; readonly value: string }) => `${label}: ${value}`,
  named: ({ name, id }: { readonly name: string; readonly id: string }) => `${name} (${id})`,
  comma_list: ({ items }: { readonly items: readonly string[] }) => items.join(', '),
  semicolon_list: ({ items }: { readonly items: readonly string[] }) => items.join('; '),
} as const;
