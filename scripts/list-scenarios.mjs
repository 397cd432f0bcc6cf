/** Lists the planner's scenarios: what each is about, and what its plan comes to. Reads test/scenarios, changes nothing. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '..', 'test', 'scenarios');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
for (const name of names) {
  const { about } = JSON.parse(readFileSync(path.join(folder, name, 'observed.json'), 'utf8'));
  const [counts] = readFileSync(path.join(folder, name, 'plan.txt'), 'utf8').split('\n');
  console.log(`${name}\n  ${about}\n  ${counts}`);
}
console.log(`${names.length} scenarios`);
