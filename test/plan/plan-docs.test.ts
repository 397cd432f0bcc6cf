/** docs/plan.md and schema/plan.schema.json say what the code says: no reason, action or word more, and none less. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SYMBOLS } from '../../src/documents/plan-words.ts';
import { say } from '../../src/messages/say.ts';
import { ATTENTION_REASONS, STANDING_REASONS, type WithheldReason } from '../../src/model/plan.ts';
import {
  explanationOf,
  isApprovable,
  needsDecision,
  REASON_ORDER,
  releaseOf,
} from '../../src/plan/reasons.ts';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/plan.md'), 'utf8');
const schema = JSON.parse(readFileSync(path.join(root, 'schema/plan.schema.json'), 'utf8'));

function printRelease(reason: WithheldReason): string {
  return say(releaseOf(reason, { key: 'KEY', digest: 'DIGEST' }));
}

function rowsOf(heading: string): string[][] {
  const [, rest = ''] = page.split(`\n${heading}\n`);
  const [section = ''] = rest.split(/\n#{2,3} /);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
}

describe('docs/plan.md', () => {
  it.each([
    ['### Intended or temporary', STANDING_REASONS],
    ['### Needs a decision', ATTENTION_REASONS],
  ] as const)(
    'lists under "%s" exactly the reasons of that class, in the words of the catalogue',
    (heading, reasons) => {
      const rows = reasons.map((reason) => [
        `\`${reason}\``,
        say(explanationOf(reason)),
        printRelease(reason),
      ]);
      expect(rowsOf(heading)).toEqual(rows);
    },
  );

  it('names every action with its symbol', () => {
    const rows = rowsOf('## Actions').map(([symbol, action]) => [
      action?.replaceAll('`', ''),
      symbol?.replaceAll('`', ''),
    ]);
    expect(Object.fromEntries(rows)).toEqual(SYMBOLS);
  });
});

describe('the catalogue of reasons', () => {
  it('puts the standing ones first and calls only the others a decision', () => {
    expect(REASON_ORDER.filter((reason) => !needsDecision(reason))).toEqual([...STANDING_REASONS]);
    expect(REASON_ORDER.filter(needsDecision)).toEqual([...ATTENTION_REASONS]);
  });

  it('offers approval exactly where approval works', () => {
    for (const reason of REASON_ORDER) {
      const offers = /callbackd approve/.test(printRelease(reason));
      expect([reason, offers]).toEqual([reason, isApprovable(reason)]);
    }
  });

  it('fills in the subject of a release', () => {
    const release = releaseOf('backoff', { key: 'orders', digest: '' });
    expect(say(release)).toBe('wait, edit the entry orders, or run `callbackd apply`');
  });
});

describe('schema/plan.schema.json', () => {
  it('knows the reasons of the model, no more and no less', () => {
    const { enum: listed } = schema.definitions.withheld.properties.reason;
    expect(listed).toEqual([...REASON_ORDER]);
  });
});
