/**
 * Every command, in the order of the help. A new one is its folder, a line here, and its words in
 * messages/{en,zh}/help.ts.
 */

import { APPLY } from './apply/spec.ts';
import { APPROVE } from './approve/spec.ts';
import { BUNDLE } from './bundle/spec.ts';
import type { CommandSpec } from './command-line/command-spec.ts';
import { LANGUAGE_OPTION } from './command-line/language.ts';
import { COMPLETION } from './completion/spec.ts';
import { DELETE } from './delete/spec.ts';
import { DEMO } from './demo/spec.ts';
import { DOCTOR } from './doctor/spec.ts';
import { HISTORY } from './history/spec.ts';
import { IMPORT } from './import/spec.ts';
import { INIT } from './init/spec.ts';
import { PAUSE } from './pause/spec.ts';
import { PLAN } from './plan/spec.ts';
import { RECONCILE } from './reconcile/spec.ts';
import { REHEARSE } from './rehearse/spec.ts';
import { RESUME } from './resume/spec.ts';
import { ROTATE } from './rotate/spec.ts';
import { RUN } from './run/spec.ts';
import { SANDBOX } from './sandbox/spec.ts';
import { SCHEMA } from './schema/spec.ts';
import { STATUS } from './status/spec.ts';
import { VALIDATE } from './validate/spec.ts';
import { WHY } from './why/spec.ts';

const SPECS: readonly CommandSpec[] = [
  INIT,
  RUN,
  PLAN,
  APPLY,
  VALIDATE,
  STATUS,
  HISTORY,
  WHY,
  DOCTOR,
  BUNDLE,
  IMPORT,
  DELETE,
  ROTATE,
  APPROVE,
  PAUSE,
  RESUME,
  RECONCILE,
  REHEARSE,
  SANDBOX,
  DEMO,
  SCHEMA,
  COMPLETION,
];

/** Every command, with the option that all of them take. */
export const COMMANDS: readonly CommandSpec[] = SPECS.map((spec) => ({
  ...spec,
  options: [...spec.options, LANGUAGE_OPTION],
}));
