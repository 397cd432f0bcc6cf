/** Every sentence in English, by id. An entry is a text, or a function of its parameters. */

import { GENERAL } from './en/general.ts';

export const ENGLISH = { ...GENERAL };

export type Catalogue = typeof ENGLISH;
export type MessageId = keyof Catalogue;
