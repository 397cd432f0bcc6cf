/** Every sentence in Chinese, by id. A missing id does not compile. */

import type { Catalogue } from './en.ts';
import type { Translation } from './translation.ts';
import { APP } from './zh/app.ts';
import { APPLY } from './zh/apply.ts';
import { CLI } from './zh/cli.ts';
import { CLI_DOCTOR } from './zh/cli-doctor.ts';
import { CLI_START } from './zh/cli-start.ts';
import { CLI_VIEWS } from './zh/cli-views.ts';
import { DAEMON } from './zh/daemon.ts';
import { DIAGNOSTIC_CODES } from './zh/diagnostic-codes.ts';
import { DOCUMENTS } from './zh/documents.ts';
import { GENERAL } from './zh/general.ts';
import { HELP } from './zh/help.ts';
import { NOTIFY } from './zh/notify.ts';
import { PAGE } from './zh/page.ts';
import { PLAN } from './zh/plan.ts';
import { PLAN_REASONS } from './zh/plan-reasons.ts';
import { PLATFORM } from './zh/platform.ts';
import { REHEARSAL } from './zh/rehearsal.ts';
import { SOURCE } from './zh/source.ts';
import { STATE } from './zh/state.ts';
import { SUMMARY } from './zh/summary.ts';

export const CHINESE: Translation<Catalogue> = {
  ...GENERAL,
  ...APP,
  ...APPLY,
  ...CLI,
  ...CLI_DOCTOR,
  ...CLI_START,
  ...CLI_VIEWS,
  ...DAEMON,
  ...DIAGNOSTIC_CODES,
  ...DOCUMENTS,
  ...HELP,
  ...NOTIFY,
  ...PAGE,
  ...PLAN,
  ...PLAN_REASONS,
  ...REHEARSAL,
  ...PLATFORM,
  ...SOURCE,
  ...STATE,
  ...SUMMARY,
};
