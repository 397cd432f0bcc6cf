// The bill of materials (CycloneDX) of what is shipped: npm's own of the lock file, less what only the
// checkout needs and what differs from run to run, and Node.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runTool } from './run-tool.mjs';
import { readSourceDate } from './source-date.mjs';

/** JSON text; the same for the same lock file and commit. */
export function buildSbom() {
  // Not `--omit dev`: it leaves out what is shipped and used by a development package, too.
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { serialNumber: _, ...sbom } = JSON.parse(runTool('npm', words));
  const shipped = listShipped();
  sbom.components = sbom.components.filter((one) => shipped.has(one['bom-ref']));
  const kept = new Set([sbom.metadata.component['bom-ref'], ...shipped]);
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((name) => kept.has(name)) }));
  // npm takes the name of the folder.
  sbom.metadata.component.name = 'callbackd';
  sbom.metadata.timestamp = new Date(readSourceDate() * 1000).toISOString();
  sbom.components.push(describeNode());
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** `name@version` of each package that `npm ci --omit=dev` installs. */
function listShipped() {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  const places = Object.keys(packages).filter((place) => place !== '' && packages[place].dev !== true);
  return new Set(places.map((place) => `${place.split('node_modules/').at(-1)}@${packages[place].version}`));
}

/** The executable and the image hold it. */
function describeNode() {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'packaging/executable/package-lock.json'), 'utf8'));
  const { version } = lock.packages[`node_modules/node-linux-${process.arch}`];
  return {
    'bom-ref': `node@${version}`,
    type: 'platform',
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
}
