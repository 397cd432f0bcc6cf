/** The alerting rules and the dashboard that are shipped: they ask only for what /metrics shows, fire when they should, and each alert has its runbook. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS, type MetricSpec } from '../../src/record/metric-catalogue.ts';
import { hasPrograms } from '../builders/has-programs.ts';
import { makeFolder } from '../builders/run-callbackd.ts';
import { ROOT, readPage } from '../docs/pages.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Asking {
  readonly expr: string;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly targets: readonly Asking[];
}

const ALERTS = path.join(ROOT, 'packaging/prometheus/alerts.yaml');
const ALERTS_TEST = path.join(ROOT, 'packaging/prometheus/alerts.test.yaml');
const read = (file: string) => readFileSync(file, 'utf8');
const rules: readonly Rule[] = parse(read(ALERTS)).groups[0].rules;
const dashboard = JSON.parse(read(path.join(ROOT, 'packaging/grafana/callbackd.json')));
const panels: readonly Panel[] = dashboard.panels;
const asked: readonly string[] = [
  ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.map(({ expr }: Asking) => expr),
];

/** What Prometheus and the process metrics add to ours. */
const OTHERS = ['up', 'process_start_time_seconds', 'process_resident_memory_bytes', 'ALERTS'];
const SPECS = new Map<string, MetricSpec>(Object.values(METRICS).map((spec) => [spec.name, spec]));

/** Every metric of an expression that does not exist, and every label of a selector that its metric does not have. */
function findUnknown(expr: string): string[] {
  const names = expr.match(/\b(?:callbackd|process|nodejs)_[a-z_]+|\bup\b/g) ?? [];
  const unknown = names.filter((name) => specOf(name) === undefined && !OTHERS.includes(name));
  const selectors = [...expr.matchAll(/\b(callbackd_[a-z_]+)\{([^}]*)\}/g)];
  const strange = selectors.flatMap(([, name = '', selector = '']) => {
    const known = ['instance', 'job', 'le', ...(specOf(name)?.labels ?? [])];
    const labels = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
    return labels.filter((label) => !known.includes(label)).map((label) => `${name}{${label}}`);
  });
  return names.length === 0 ? [`no metric in ${expr}`] : [...unknown, ...strange];
}

function specOf(name: string): MetricSpec | undefined {
  return SPECS.get(name) ?? SPECS.get(name.replace(/_(?:bucket|sum|count)$/, ''));
}

function promtool(...words: string[]): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

describe('the alerting rules', () => {
  it.skipIf(!hasPrograms('promtool'))('fire when they should and not before, by promtool', () => {
    expect(promtool('test', 'rules', ALERTS_TEST)).toMatchObject({ code: 0 });
  });

  it('are each seen firing in alerts.test.yaml', () => {
    const tested = read(ALERTS_TEST);
    expect(rules.map(({ alert }) => alert).filter((alert) => !tested.includes(alert))).toEqual([]);
  });

  it('ask only for metrics and labels that there are', () => {
    expect(rules.flatMap(({ expr }) => findUnknown(expr))).toEqual([]);
  });

  it('have a severity, a summary, a description and a runbook of their own', () => {
    const { headings } = readPage('docs/operations.md');
    const runbooks = headings
      .map(([, heading]) => heading)
      .filter((heading) => /^Callbackd\w+$/.test(heading));
    expect(rules.map(({ alert }) => alert)).toEqual(runbooks);
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations).toEqual({
        summary: expect.stringMatching(/\.$/),
        description: expect.stringMatching(/\.$/),
        runbook_url: `docs/operations.md#${alert.toLowerCase()}`,
      });
    }
  });
});

describe('the dashboard', () => {
  it('asks only for metrics and labels that there are', () => {
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.flatMap(findUnknown)).toEqual([]);
  });

  it('leaves none of the metrics out but those that say what another panel says', () => {
    const shown = asked.join('\n');
    const absent = [...SPECS.keys()].filter((name) => !shown.includes(name));
    expect(absent.sort()).toEqual([
      'callbackd_build_info',
      'callbackd_entries_out_of_sync',
      'callbackd_platform_requests_waiting',
      'callbackd_source_last_reload_success_timestamp_seconds',
    ]);
    expect(JSON.stringify(dashboard.templating)).toContain('label_values(callbackd_build_info, instance)');
  });

  it('has panels that say what they show, each with an id of its own', () => {
    expect(panels.filter(({ title, description }) => title === '' || !description.endsWith('.'))).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it.skipIf(!hasPrograms('promtool'))('holds expressions that Prometheus understands, by promtool', () => {
    const expand = (expr: string) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');
    const file = path.join(makeFolder(), 'rules.json');
    const recorded = asked.map((expr, index) => ({ record: `panel_${index}`, expr: expand(expr) }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    expect(promtool('check', 'rules', file)).toMatchObject({ code: 0 });
  });
});

it('an expression with a metric or a label that does not exist is seen', () => {
  expect(findUnknown('rate(callbackd_round_total[5m])')).toEqual(['callbackd_round_total']);
  expect(findUnknown('callbackd_entries{reason="held"}')).toEqual(['callbackd_entries{reason}']);
  expect(findUnknown('1 > 0')).toEqual(['no metric in 1 > 0']);
});
