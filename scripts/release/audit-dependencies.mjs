// Asks the registry for known flaws in what is shipped. A flaw ends the release; a registry that cannot be asked is said, not hidden.
import { spawnSync } from 'node:child_process';
import { ROOT } from './run-tool.mjs';

/** One sentence on how it went. Throws when a package that is shipped has a known flaw. */
export function auditDependencies() {
  const words = ['audit', '--omit=dev', '--json'];
  const { stdout } = spawnSync('npm', words, { cwd: ROOT, encoding: 'utf8', timeout: 120_000 });
  return judgeAudit(stdout);
}

/** `text` is what `npm audit --json` printed. */
export function judgeAudit(text) {
  const report = readReport(text);
  if (report === undefined || report.metadata === undefined) {
    const why = report?.error?.summary || report?.message || 'no answer';
    return `dependency audit: NOT DONE, the registry does not answer it (${why}); run \`npm audit --omit=dev\` elsewhere before you publish`;
  }
  const { total, ...counts } = report.metadata.vulnerabilities;
  if (total === 0) return 'dependency audit: no known flaw in what is shipped';
  const names = Object.keys(report.vulnerabilities).join(', ');
  throw new Error(`dependency audit: ${total} known flaws, ${JSON.stringify(counts)}, in ${names}`);
}

function readReport(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
