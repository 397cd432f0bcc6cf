/** Everything the daemon itself has to tell the event log, as a closed union; rendering and levels belong to the log. */

import type { Diagnostic } from '../model/diagnostic.ts';
import type { RoundReport, Trigger } from '../model/round.ts';

export type DaemonEvent =
  | {
      readonly type: 'daemon_started';
      readonly configuration: 'file' | 'last_good';
      readonly apps: number;
      readonly schedule: string;
    }
  | { readonly type: 'daemon_stopping'; readonly roundRunning: boolean }
  | { readonly type: 'daemon_stopped'; readonly how: 'finished' | 'timed_out' | 'forced' }
  | {
      readonly type: 'configuration_reloaded';
      readonly digest: string;
      readonly apps: number;
      /** Names of the settings, other than entries, that now differ from those at the start and are in force. */
      readonly settings: readonly string[];
    }
  | { readonly type: 'configuration_unchanged' }
  | { readonly type: 'configuration_refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'configuration_held'; readonly reason: string; readonly digest: string }
  | { readonly type: 'configuration_not_kept'; readonly error: unknown }
  | { readonly type: 'configuration_needs_restart'; readonly settings: readonly string[] }
  | { readonly type: 'watch_failed'; readonly error: unknown; readonly againInMs: number }
  | { readonly type: 'round_started'; readonly round: number; readonly triggers: readonly Trigger[] }
  | { readonly type: 'round_ended'; readonly report: RoundReport; readonly nextAt: number | null }
  | { readonly type: 'round_threw'; readonly round: number; readonly error: unknown }
  | { readonly type: 'round_stuck'; readonly round: number; readonly silentMs: number }
  | { readonly type: 'round_abandoned'; readonly round: number }
  | { readonly type: 'clock_jumped'; readonly byMs: number }
  | { readonly type: 'loop_failed'; readonly error: unknown }
  | {
      readonly type: 'control_used';
      readonly command: string;
      readonly by: string;
      readonly subject?: string;
    };
