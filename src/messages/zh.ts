/** Sentences in Chinese. What is missing here is said in English. */

import type { Catalogue } from './en.ts';
import type { Translation } from './translation.ts';
import { NOTIFY } from './zh/notify.ts';
import { PAGE } from './zh/page.ts';
import { PLAN } from './zh/plan.ts';

export const CHINESE: Partial<Translation<Catalogue>> = { ...NOTIFY, ...PAGE, ...PLAN };
