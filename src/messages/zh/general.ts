/** Sentences that belong to no single part. */

import type { GENERAL as ENGLISH } from '../en/general.ts';
import type { Translation } from '../translation.ts';

export const GENERAL: Translation<typeof ENGLISH> = {
  verbatim: ({ text }) => text,
  recorded: ({ text }) => text,
  labelled: ({ label, value }) => `${label}：${value}`,
  named: ({ name, id }) => `${name}（${id}）`,
  comma_list: ({ items }) => items.join('，'),
  semicolon_list: ({ items }) => items.join('；'),
};
