/** Sentences in Chinese. What is missing here is said in English. */

import type { Catalogue } from './en.ts';
import type { Translation } from './translation.ts';
import { DAEMON } from './zh/daemon.ts';
import { NOTIFY } from './zh/notify.ts';
import { PAGE } from './zh/page.ts';
import { PLAN } from './zh/plan.ts';
import { SOURCE } from './zh/source.ts';

export const CHINESE: Partial<Translation<Catalogue>> = { ...DAEMON, ...NOTIFY, ...PAGE, ...PLAN, ...SOURCE };
