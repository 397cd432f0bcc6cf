/** docs/sandbox.md says what the sandbox does: its tables are compared with the code in both directions. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { FAULT_KINDS } from '../../src/sandbox/parse-fault-script.ts';
import { createReceivers, DEFAULT_BEHAVIOUR } from '../../src/sandbox/receivers.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createControlApi } from '../../src/sandbox/sandbox-server.ts';
import { SWITCHES } from '../../src/sandbox/switches.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/sandbox.md'), 'utf8');

/** Rows of the table below a heading, cells trimmed. */
function rowsOf(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll('|', '').trim()));
}

const firstCells = (heading: string) => rowsOf(heading).map(([cell = '']) => cell.replaceAll('`', ''));

it('lists every switch with its values and what it means', () => {
  const rows = Object.entries(SWITCHES).map(([name, { default: value, choices, about }]) => [
    `\`${name}\``,
    choices === 'number' ? `number, ${value}` : choices.map((choice) => `\`${choice}\``).join(', '),
    about,
  ]);
  expect(rowsOf('Switches')).toEqual(rows);
});

it('lists every fault, every endpoint of the control API and every field of a receiver', async () => {
  const sandbox = createSandbox({ clock: systemClock, random: () => 0.5 });
  const receivers = createReceivers({ clock: systemClock, tokenOf: sandbox.verifyTokenOf });
  const reply = await createControlApi(sandbox, receivers)({ method: 'GET', path: '/_sandbox/', body: '' });
  expect(firstCells('Control API')).toEqual(JSON.parse(reply.body).endpoints);
  expect(firstCells('Fault script')).toEqual(FAULT_KINDS);
  expect(firstCells('Receivers')).toEqual(Object.keys(DEFAULT_BEHAVIOUR));
});
