/**
 * docs/assumptions.md is the list of assumptions about the platform, rendered and compared as a whole;
 * `npx vitest run test/docs/assumptions.test.ts -u` writes it again. What an assumption says about the sandbox must exist there.
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import { ASSUMPTIONS, type Assumption } from '../../src/platform/assumptions.ts';
import { SWITCHES } from '../../src/sandbox/switches.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/assumptions.md');

it('the page of assumptions says what the data says, no less and no more', async () => {
  const sections = Object.entries(ASSUMPTIONS).map(([name, assumption]) =>
    renderAssumption(name, assumption),
  );
  await expect(`${INTRODUCTION}\n${sections.join('\n')}`).toMatchFileSnapshot(PAGE);
});

it('names only switches that the sandbox has', () => {
  const named = Object.values(ASSUMPTIONS).flatMap(({ switches }): readonly string[] => switches);
  expect(named.filter((name) => !Object.hasOwn(SWITCHES, name))).toEqual([]);
});

function renderAssumption(name: string, { holds, because, otherwise, switches }: Assumption): string {
  const lines = [
    `## ${name}`,
    '',
    holds,
    '',
    `- why: ${because}`,
    `- if not: ${otherwise}`,
    ...(switches.length === 0 ? [] : [`- sandbox: \`${switches.join('`, `')}\``]),
  ];
  return `${lines.join('\n')}\n`;
}

const INTRODUCTION = `# Assumptions about the platform

The vendor's documents leave some behaviour open. This is what callbackd takes for granted there, why, and what it does should
it be wrong. Nothing here was measured on the live service. The sandbox can behave either way (\`callbackd sandbox\`, switches),
and the contract suite runs against every way.
`;
