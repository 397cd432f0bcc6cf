/** Every sentence in English, by id. An entry is a text, or a function of its parameters. */

import { GENERAL } from './en/general.ts';
import { NOTIFY } from './en/notify.ts';

export const ENGLISH = { ...GENERAL, ...NOTIFY };

export type Catalogue = typeof ENGLISH;
export type MessageId = keyof Catalogue;
