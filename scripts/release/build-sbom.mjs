// The bill of materials (CycloneDX) of what is shipped: npm's own, less what differs from run to run, and Node.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runTool } from './run-tool.mjs';
import { readSourceDate } from './source-date.mjs';

/** JSON text; the same for the same lock file and commit. */
export function buildSbom() {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'];
  const { serialNumber: _, ...sbom } = JSON.parse(runTool('npm', words));
  // npm takes the name of the folder.
  sbom.metadata.component.name = 'callbackd';
  sbom.metadata.timestamp = new Date(readSourceDate() * 1000).toISOString();
  sbom.components.push(describeNode());
  return `${JSON.stringify(sbom, null, 2)}\n`;
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
