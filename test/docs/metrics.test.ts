/**
 * docs/metrics.md is the catalogue of metrics in prose. The page is rendered from the data and compared as a whole, so a metric
 * that is missing on either side is a failure; `npx vitest run test/docs/metrics.test.ts -u` writes the page again.
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import { METRICS, type MetricSpec } from '../../src/record/metric-catalogue.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/metrics.md');
const SPECS: readonly MetricSpec[] = Object.values(METRICS);
/** No label carries a URL, an id or a secret; `app_key` is bounded by the code that sets it. */
const LABELS = [
  'result',
  'action',
  'ownership',
  'state',
  'reason',
  'operation',
  'outcome',
  'version',
  'app_key',
  'receiver',
];

it('the page of metrics says what the catalogue says, no less and no more', async () => {
  await expect(renderPage()).toMatchFileSnapshot(PAGE);
});

it('no metric has a label beyond the known ones, and only one names entries', () => {
  const labels = SPECS.flatMap((spec) => spec.labels);
  expect(labels.filter((label) => !LABELS.includes(label))).toEqual([]);
  expect(labels.filter((label) => label === 'app_key')).toHaveLength(1);
});

it('counters end in _total, and units stand at the end of a name', () => {
  const wrong = SPECS.filter(({ name, type }) => (type === 'counter') !== name.endsWith('_total'));
  expect(wrong).toEqual([]);
  const durations = SPECS.filter(({ type }) => type === 'histogram').map(({ name }) => name);
  expect(durations.filter((name) => !name.endsWith('_seconds'))).toEqual([]);
});

function renderPage(): string {
  return [INTRODUCTION, ...SPECS.map(renderMetric)].join('\n');
}

function renderMetric({ name, type, labels, buckets, help }: MetricSpec): string {
  const lines = [
    `- type: ${type}`,
    ...(labels.length === 0 ? [] : [`- labels: ${labels.map((label) => `\`${label}\``).join(', ')}`]),
    ...(buckets === undefined ? [] : [`- buckets: ${buckets.join(', ')}`]),
  ];
  return [`## ${name}`, '', help, '', ...lines, ''].join('\n');
}

const INTRODUCTION = `# Metrics

The status server shows them at \`/metrics\` in the text format of Prometheus. Labels take values from closed sets; none carries a
URL, an id or a secret. Only \`callbackd_entry_out_of_sync_seconds\` names entries, at most fifty. Beside these there are the usual
\`process_\` and \`nodejs_\` metrics. Times are Unix seconds.
`;
