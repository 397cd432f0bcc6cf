/** Every sentence in English, by id. An entry is a text, or a function of its parameters. */

import { APP } from './en/app.ts';
import { APPLY } from './en/apply.ts';
import { CLI } from './en/cli.ts';
import { CLI_DOCTOR } from './en/cli-doctor.ts';
import { CLI_START } from './en/cli-start.ts';
import { CLI_VIEWS } from './en/cli-views.ts';
import { DAEMON } from './en/daemon.ts';
import { DIAGNOSTIC_CODES } from './en/diagnostic-codes.ts';
import { DOCUMENTS } from './en/documents.ts';
import { GENERAL } from './en/general.ts';
import { HELP } from './en/help.ts';
import { NOTIFY } from './en/notify.ts';
import { PAGE } from './en/page.ts';
import { PLAN } from './en/plan.ts';
import { PLAN_REASONS } from './en/plan-reasons.ts';
import { PLATFORM } from './en/platform.ts';
import { REHEARSAL } from './en/rehearsal.ts';
import { SOURCE } from './en/source.ts';
import { STATE } from './en/state.ts';
import { SUMMARY } from './en/summary.ts';

export const ENGLISH = {
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

export type Catalogue = typeof ENGLISH;
export type MessageId = keyof Catalogue;
