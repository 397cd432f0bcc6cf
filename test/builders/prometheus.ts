/** A real Prometheus on loopback with the alerting rules that are shipped, their durations made short, scraping one daemon. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findPort } from './find-port.ts';

const RULES = path.resolve(import.meta.dirname, '../../packaging/prometheus/alerts.yaml');
/** An hour becomes twelve seconds, and five minutes one. */
const FASTER = 300;
const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

export interface Prometheus {
  /** Names of the alerts that fire, sorted, by its own HTTP API; undefined while it does not answer yet. */
  firing(): Promise<readonly string[] | undefined>;
  /** The value of an expression that gives one sample; undefined where it gives none. */
  query(expr: string): Promise<number | undefined>;
}

/** Starts Prometheus in `folder`; it is stopped after the test. `target`: host and port of the status server. */
export async function startPrometheus(folder: string, target: string): Promise<Prometheus> {
  writeFileSync(path.join(folder, 'alerts.yaml'), shorten(readFileSync(RULES, 'utf8')));
  const config = {
    global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
    rule_files: ['alerts.yaml'],
    scrape_configs: [{ job_name: 'callbackd', static_configs: [{ targets: [target] }] }],
  };
  writeFileSync(path.join(folder, 'prometheus.json'), JSON.stringify(config));
  const port = await findPort();
  const child = spawn(
    'prometheus',
    [
      '--config.file=prometheus.json',
      '--storage.tsdb.path=tsdb',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const ask = async (target: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${target}`).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as Answer).data : undefined;
  };
  return {
    async firing() {
      const alerts = (await ask('alerts'))?.alerts;
      return alerts
        ?.filter(({ state }) => state === 'firing')
        .map(({ labels }) => labels['alertname'] ?? '')
        .sort();
    },
    async query(expr) {
      const [sample] = (await ask(`query?query=${encodeURIComponent(expr)}`))?.result ?? [];
      return sample === undefined ? undefined : Number(sample.value[1]);
    },
  };
}

/** As far as it is read here. */
interface Answer {
  readonly data: {
    readonly alerts?: readonly {
      readonly state: string;
      readonly labels: Readonly<Record<string, string>>;
    }[];
    readonly result?: readonly { readonly value: readonly [number, string] }[];
  };
}

/** The same rules with every `for:` and every range divided. */
function shorten(rules: string): string {
  return rules.replaceAll(
    /(for: |\[)(\d+)([smh])\b/g,
    (_, before: string, count: string, unit: string) =>
      `${before}${Math.ceil((Number(count) * (UNIT_S[unit] ?? 0) * 1_000) / FASTER)}ms`,
  );
}
