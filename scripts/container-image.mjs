// The container image, built from the Dockerfile without Docker's engine and without its registry: buildah builds it on a base
// that is put together here from Debian, with the mirror of this host's apt, and Node, with the registry of this host's npm.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findDebianMirror } from './debian-roots.mjs';
import { CACHE } from './release/executable-tools.mjs';
import { installNode } from './release/install-nodes.mjs';
import { findMissingTools, ROOT, runTool, showTool } from './release/run-tool.mjs';

/** Images, containers and networks of ours alone: what others have in the host's own storage is never seen. */
const FOLDER = path.join(CACHE, 'containers');
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
/** In a namespace without CAP_SYS_RESOURCE no limit can be raised, and runc is content with cgroups of either version. */
const ENGINE = `
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
tmp_dir = "${FOLDER}/run/libpod"
[network]
network_config_dir = "${FOLDER}/networks"
`;
const STORAGE = `
[storage]
driver = "overlay"
graphroot = "${FOLDER}/storage"
runroot = "${FOLDER}/run"
`;

/** What is missing here to build and run it; empty when nothing is. */
export function findMissingForContainers() {
  const tools = findMissingTools(['buildah', 'podman', 'podman-compose', 'runc', 'mmdebstrap']);
  return process.getuid?.() === 0 ? tools : ['root', ...tools];
}

/** Builds the image as `tag`, and gives the environment in which podman finds it. */
export function buildImage(tag, labels) {
  const environment = configure();
  removeContainers(environment);
  const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  const [, base, node, release] = /^FROM (node:([\d.]+)-(\w+)-slim) AS build$/m.exec(dockerfile) ?? [];
  makeBase(`docker.io/library/${base}`, { node, release, environment });
  // Downloads outlive the build; a build without them is the same, but slower.
  const kept = ['npm', 'tools'].map((name) => path.join(FOLDER, name));
  for (const folder of kept) mkdirSync(folder, { recursive: true });
  const volumes = [`${kept[0]}:/root/.npm`, `${kept[1]}:/root/.cache/callbackd`];
  const built = Object.entries(labels).map(([name, value]) => `--build-arg=${name}=${value}`);
  const words = ['build', ...HOW, ...built, ...volumes.map((each) => `--volume=${each}`)];
  showTool('buildah', [...words, '--tag', tag, '.'], environment);
  return environment;
}

/** Ends and removes every container, volume and network in the storage of ours, and every image but the base. */
export function removeContainers(environment = configure()) {
  const podman = (...words) => runTool('podman', words, { env: { ...process.env, ...environment } });
  // One by one, because --all stumbles over a container that another one shares its network with.
  for (const id of podman('ps', '--all', '--quiet').split('\n').filter(Boolean))
    podman('rm', '--force', '--ignore', '--depend', '--time', '0', id);
  for (const kind of ['volume', 'network']) podman(kind, 'prune', '--force');
  const images = podman('images', '--all', '--format', '{{.ID}} {{.Repository}}').trim().split('\n');
  for (const line of images.filter((each) => each !== '' && !each.endsWith('/library/node')))
    podman('rmi', '--force', line.split(' ')[0]);
}

/** HEALTHCHECK is known to Docker's format only. Chroot: the steps need no namespaces that a container may not have. */
const HOW = ['--isolation=chroot', '--format=docker', '--pull-never', '--network=host'];

function configure() {
  mkdirSync(FOLDER, { recursive: true });
  const [engine, storage] = ['engine.conf', 'storage.conf'].map((name) => path.join(FOLDER, name));
  writeFileSync(engine, ENGINE);
  writeFileSync(storage, STORAGE);
  return { CONTAINERS_CONF: engine, CONTAINERS_STORAGE_CONF: storage };
}

function makeBase(tag, { node, release, environment }) {
  const env = { ...process.env, ...environment };
  if (runTool('buildah', ['images', '--format', '{{.Name}}:{{.Tag}}'], { env }).split('\n').includes(tag))
    return;
  console.error(`making ${tag}, once`);
  const work = mkdtempSync(path.join(os.tmpdir(), 'callbackd-base-'));
  try {
    const mirror = findDebianMirror();
    const root = path.join(work, 'root.tar');
    const options = ['--variant=minbase', '--include=ca-certificates,libstdc++6'];
    runTool('mmdebstrap', [...options, release, root, ...(mirror === undefined ? [] : [mirror])]);
    const npm = path.join(runTool('npm', ['root', '--global']).trim(), 'npm');
    runTool('cp', ['-rL', npm, path.join(work, 'npm')]);
    runTool('cp', [installNode(node), path.join(work, 'node')]);
    runTool('cp', [existsSync(CERTIFICATES) ? CERTIFICATES : '/dev/null', path.join(work, 'certificates')]);
    writeFileSync(path.join(work, 'Dockerfile'), describeBase());
    runTool('buildah', ['build', ...HOW, '--tag', tag, work], { env });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function describeBase() {
  const registry = runTool('npm', ['config', 'get', 'registry']).trim();
  return `FROM scratch
ADD root.tar /
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY certificates ${CERTIFICATES}
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
    NODE_EXTRA_CA_CERTS=${CERTIFICATES} NPM_CONFIG_REGISTRY=${registry}
`;
}
