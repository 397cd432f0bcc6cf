// The Debian package: the executable and what belongs to it on a host, put together without debhelper, because there is
// nothing to compile and stripping the finished executable would cut its script off.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readManifest } from './package-assets.mjs';
import { ROOT, runTool } from './run-tool.mjs';
import { readSourceDate } from './source-date.mjs';

const NAME = 'callbackd';
const MAINTAINER = 'callbackd maintainers <maintainers@callbackd.invalid>';
/** Debian's names of processors, by Node's. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const DOC = `usr/share/doc/${NAME}`;
const SHARED = `usr/share/${NAME}`;

/**
 * Builds `callbackd_VERSION-1_ARCH.deb` in `folder` and gives its path. `compression` and `level` are dpkg-deb's: xz is what
 * Debian wants, gzip is quick.
 * Completions come from the executable itself, so it must run here; for another processor, `words` is one that does.
 */
export function buildDeb({
  executable,
  words = executable,
  version,
  arch,
  folder,
  compression = 'xz',
  level = 6,
}) {
  const date = readSourceDate();
  const stage = mkdtempSync(path.join(tmpdir(), 'callbackd-deb-'));
  try {
    const tree = createTree(stage);
    placeProgram(tree, { executable, words });
    placeDocuments(tree, { executable, version, date });
    placeControl(tree, { version, architecture: ARCHITECTURES[arch] });
    runTool('find', [stage, '-exec', 'touch', '--no-dereference', `--date=@${date}`, '{}', '+']);
    const file = path.join(folder, `${NAME}_${version}-1_${ARCHITECTURES[arch]}.deb`);
    mkdirSync(folder, { recursive: true });
    // The number of threads is part of what xz writes.
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(date), DPKG_DEB_THREADS_MAX: '2' };
    const how = [`-Z${compression}`, `-z${level}`, '--root-owner-group'];
    runTool('dpkg-deb', [...how, '--build', stage, file], { env });
    return file;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Writes files below `stage`, with modes that do not depend on the umask. */
function createTree(stage) {
  const prepare = (name) => {
    const file = path.join(stage, name);
    for (let folder = path.dirname(name); folder !== '.'; folder = path.dirname(folder)) {
      mkdirSync(path.join(stage, folder), { recursive: true });
      chmodSync(path.join(stage, folder), 0o755);
    }
    return file;
  };
  chmodSync(stage, 0o755);
  return {
    stage,
    copy(source, name, mode = 0o644) {
      const file = prepare(name);
      copyFileSync(path.resolve(ROOT, source), file);
      chmodSync(file, mode);
    },
    write(name, content) {
      const file = prepare(name);
      writeFileSync(file, content);
      chmodSync(file, 0o644);
    },
    compress(name, content) {
      this.write(`${name}.gz`, gzipSync(content, { level: 9 }));
    },
  };
}

function placeProgram(tree, { executable, words }) {
  tree.copy(executable, `usr/bin/${NAME}`, 0o755);
  for (const unit of readdirSync(path.join(ROOT, 'systemd'))) {
    tree.copy(`systemd/${unit}`, `usr/lib/systemd/system/${unit}`);
  }
  for (const example of readdirSync(path.join(ROOT, 'packaging/systemd'))) {
    tree.copy(`packaging/systemd/${example}`, `usr/share/doc/${NAME}/examples/${example}`);
  }
  tree.copy(`packaging/deb/${NAME}.yaml`, `etc/${NAME}/${NAME}.yaml`);
  const completions = {
    bash: `usr/share/bash-completion/completions/${NAME}`,
    zsh: `usr/share/zsh/vendor-completions/_${NAME}`,
    fish: `usr/share/fish/vendor_completions.d/${NAME}.fish`,
  };
  for (const [shell, name] of Object.entries(completions)) {
    tree.write(name, runTool(words, ['completion', shell]));
  }
  for (const schema of readdirSync(path.join(ROOT, 'schema'))) {
    tree.copy(`schema/${schema}`, `${SHARED}/schema/${schema}`);
  }
}

function placeDocuments(tree, { executable, version, date }) {
  for (const page of readdirSync(path.join(ROOT, 'man'))) {
    tree.compress(`usr/share/man/man1/${page}`, readFileSync(path.join(ROOT, 'man', page)));
  }
  tree.copy('packaging/prometheus/alerts.yaml', `${SHARED}/prometheus/alerts.yaml`);
  tree.copy('packaging/grafana/callbackd.json', `${SHARED}/grafana/callbackd.json`);
  for (const page of ['operations', 'configuration', 'errors', 'log-events', 'metrics']) {
    tree.copy(`docs/${page}.md`, `${DOC}/${page}.md`);
  }
  tree.copy('config.example.yaml', `${DOC}/examples/config.example.yaml`);
  tree.copy('packaging/deb/copyright', `${DOC}/copyright`);
  tree.compress(
    `${DOC}/THIRD-PARTY-NOTICES`,
    readFileSync(path.join(path.dirname(executable), 'THIRD-PARTY-NOTICES')),
  );
  tree.compress(`${DOC}/changelog`, readFileSync(path.join(ROOT, 'CHANGELOG.md')));
  tree.compress(`${DOC}/changelog.Debian`, formatDebianChangelog(version, date));
  tree.copy('packaging/deb/lintian-overrides', `usr/share/lintian/overrides/${NAME}`);
}

function placeControl(tree, { version, architecture }) {
  for (const script of ['postinst', 'prerm', 'postrm']) {
    tree.copy(`packaging/deb/${script}`, `DEBIAN/${script}`, 0o755);
  }
  const installed = listFiles(tree.stage).filter((name) => !name.startsWith('DEBIAN/'));
  tree.write('DEBIAN/conffiles', `/etc/${NAME}/${NAME}.yaml\n`);
  const digests = installed.filter((name) => !name.startsWith('etc/'));
  tree.write('DEBIAN/md5sums', digests.map((name) => `${md5(tree.stage, name)}  ${name}\n`).join(''));
  const bytes = installed.reduce((sum, name) => sum + statSync(path.join(tree.stage, name)).size, 0);
  tree.write('DEBIAN/control', formatControl({ version, architecture, kibibytes: Math.ceil(bytes / 1024) }));
}

/** What the executable needs is what Node needs: the versions are those of the oldest symbols it names. */
function formatControl({ version, architecture, kibibytes }) {
  return [
    `Package: ${NAME}`,
    `Version: ${version}-1`,
    `Architecture: ${architecture}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${kibibytes}`,
    'Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 6)',
    'Recommends: libnss-systemd, systemd (>= 250)',
    'Suggests: prometheus',
    'Section: net',
    'Priority: optional',
    `Description: ${readManifest()
      .description.replace(/^\w/, (letter) => letter.toLowerCase())
      .replace(/, safely\.$/, '')
      .replace(' (扣子)', '')}`,
    ' A daemon and a command-line tool that read which callback apps a Coze account',
    ' should hold from a YAML file, and create, change and delete apps accordingly.',
    ' .',
    ' It never creates an app twice, deletes only what it owns, and shows every plan',
    ' before it is applied. The service is enabled once it has been configured.',
    '',
  ].join('\n');
}

function formatDebianChangelog(version, date) {
  const day = new Date(date * 1000).toUTCString().replace('GMT', '+0000');
  return `${NAME} (${version}-1) unstable; urgency=medium\n\n  * Version ${version}; changelog.gz says what is new.\n\n -- ${MAINTAINER}  ${day}\n`;
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

function md5(folder, name) {
  return createHash('md5')
    .update(readFileSync(path.join(folder, name)))
    .digest('hex');
}
