/** Sentences that belong to no single part. */

export const GENERAL = {
  verbatim: ({ text }: { readonly text: string }) => text,
} as const;
