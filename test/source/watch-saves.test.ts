/**
 * Every way in which an editor, a tool or Kubernetes replaces a file is noticed once and within two seconds, on real
 * files, with the events of the operating system and without them; and so is the next plain write after it.
 */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { hostFiles } from '../../src/lib/file-reader.ts';
import {
  chokidarHints,
  type WatchOptions,
  type WatchTargets,
  watchConfiguration,
} from '../../src/source/watch-configuration.ts';

const NOTICED_WITHIN_MS = 2_000;

interface Save {
  readonly how: string;
  /** Before watching begins; `conf/app.yaml` holds `FIRST` unless this says otherwise. */
  readonly prepare?: (root: string) => void;
  readonly save: (file: string, root: string) => void | Promise<void>;
  /** What the file holds afterwards; undefined when only metadata changed. */
  readonly content: string | undefined;
}

const FIRST = 'version: 1\napps: {}\n# first\n';
const SECOND = 'version: 1\napps: {}\n# second\n';
const THIRD = 'version: 1\napps: {}\n# the third and last\n';
const SAME_SIZE = FIRST.replace('first', 'fifth');

const SAVES: readonly Save[] = [
  { how: 'a truncating write', save: (file) => writeFileSync(file, SECOND), content: SECOND },
  {
    how: 'a truncation, 150 ms, then the write',
    save: async (file) => {
      truncateSync(file);
      await delay(150);
      writeFileSync(file, SECOND);
    },
    content: SECOND,
  },
  {
    how: 'five appends 30 ms apart',
    save: async (file) => {
      for (let count = 0; count < 5; count += 1) {
        appendFileSync(file, `# ${count}\n`);
        await delay(30);
      }
    },
    content: `${FIRST}# 0\n# 1\n# 2\n# 3\n# 4\n`,
  },
  {
    how: 'a temporary file renamed over it (sed -i)',
    save: (file) => replace(file, SECOND),
    content: SECOND,
  },
  {
    how: 'the rename dance of vim with a backup',
    save: (file) => {
      writeFileSync(path.join(path.dirname(file), '4913'), '');
      unlinkSync(path.join(path.dirname(file), '4913'));
      renameSync(file, `${file}~`);
      writeFileSync(file, SECOND);
      unlinkSync(`${file}~`);
    },
    content: SECOND,
  },
  {
    how: 'deleting, 500 ms, then creating it again',
    save: async (file) => {
      unlinkSync(file);
      await delay(500);
      writeFileSync(file, SECOND);
    },
    content: SECOND,
  },
  {
    how: 'deleting and creating it at once',
    save: (file) => {
      unlinkSync(file);
      writeFileSync(file, SECOND);
    },
    content: SECOND,
  },
  { how: 'touch', save: (file) => utimesSync(file, new Date(), new Date()), content: undefined },
  {
    how: 'an older file copied over it with its times (cp -p)',
    save: (file) => {
      writeFileSync(file, SECOND);
      utimesSync(file, new Date(1_000_000_000_000), new Date(1_000_000_000_000));
    },
    content: SECOND,
  },
  {
    how: 'an older file moved over it',
    save: (file) => {
      writeFileSync(`${file}.older`, SECOND);
      utimesSync(`${file}.older`, new Date(1_000_000_000_000), new Date(1_000_000_000_000));
      renameSync(`${file}.older`, file);
    },
    content: SECOND,
  },
  { how: 'chmod', save: (file) => chmodSync(file, 0o600), content: undefined },
  {
    how: 'other content of the same size with the old times restored',
    save: (file) => {
      const { atime, mtime } = statSync(file);
      writeFileSync(file, SAME_SIZE);
      utimesSync(file, atime, mtime);
    },
    content: SAME_SIZE,
  },
  {
    how: 'the swap of a Kubernetes ConfigMap',
    prepare: (root) => {
      const conf = path.join(root, 'conf');
      rmSync(path.join(conf, 'app.yaml'));
      mkdirSync(path.join(conf, '..v1'));
      writeFileSync(path.join(conf, '..v1', 'app.yaml'), FIRST);
      symlinkSync('..v1', path.join(conf, '..data'));
      symlinkSync(path.join('..data', 'app.yaml'), path.join(conf, 'app.yaml'));
    },
    save: (_, root) => {
      const conf = path.join(root, 'conf');
      mkdirSync(path.join(conf, '..v2'));
      writeFileSync(path.join(conf, '..v2', 'app.yaml'), SECOND);
      symlinkSync('..v2', path.join(conf, '..data_tmp'));
      renameSync(path.join(conf, '..data_tmp'), path.join(conf, '..data'));
      rmSync(path.join(conf, '..v1'), { recursive: true });
    },
    content: SECOND,
  },
  {
    how: 'a link that is pointed at another file (ln -sfn)',
    prepare: (root) => {
      const file = path.join(root, 'conf', 'app.yaml');
      renameSync(file, path.join(root, 'one.yaml'));
      writeFileSync(path.join(root, 'two.yaml'), SECOND);
      symlinkSync(path.join(root, 'one.yaml'), file);
    },
    save: (file, root) => {
      symlinkSync(path.join(root, 'two.yaml'), `${file}.link`);
      renameSync(`${file}.link`, file);
    },
    content: SECOND,
  },
  {
    how: 'a folder that is a link and is swapped',
    prepare: (root) => {
      renameSync(path.join(root, 'conf'), path.join(root, 'r1'));
      mkdirSync(path.join(root, 'r2'));
      writeFileSync(path.join(root, 'r2', 'app.yaml'), SECOND);
      symlinkSync('r1', path.join(root, 'conf'));
    },
    save: (_, root) => {
      symlinkSync('r2', path.join(root, 'conf.new'));
      renameSync(path.join(root, 'conf.new'), path.join(root, 'conf'));
    },
    content: SECOND,
  },
  {
    how: 'git checkout: the file is unlinked and written again',
    save: (file) => {
      unlinkSync(file);
      writeFileSync(file, SECOND, { flag: 'wx' });
    },
    content: SECOND,
  },
  {
    how: 'git checkout: the folder goes and comes back',
    save: async (file, root) => {
      unlinkSync(file);
      rmSync(path.join(root, 'conf'), { recursive: true });
      await delay(300);
      mkdirSync(path.join(root, 'conf'));
      writeFileSync(file, SECOND);
    },
    content: SECOND,
  },
  {
    how: 'the folder moved away and another moved in',
    prepare: (root) => {
      mkdirSync(path.join(root, 'new'));
      writeFileSync(path.join(root, 'new', 'app.yaml'), SECOND);
    },
    save: (_, root) => {
      renameSync(path.join(root, 'conf'), path.join(root, 'old'));
      renameSync(path.join(root, 'new'), path.join(root, 'conf'));
    },
    content: SECOND,
  },
  {
    how: 'the folder removed, made and written again',
    save: (file, root) => {
      rmSync(path.join(root, 'conf'), { recursive: true });
      mkdirSync(path.join(root, 'conf'));
      writeFileSync(file, SECOND);
    },
    content: SECOND,
  },
  {
    how: 'creating a file that was absent',
    prepare: (root) => rmSync(path.join(root, 'conf', 'app.yaml')),
    save: (file) => writeFileSync(file, SECOND),
    content: SECOND,
  },
  {
    how: 'creating a folder that was absent',
    prepare: (root) => rmSync(path.join(root, 'conf'), { recursive: true }),
    save: (file, root) => {
      mkdirSync(path.join(root, 'conf'));
      writeFileSync(file, SECOND);
    },
    content: SECOND,
  },
  {
    how: 'twenty writes within 100 ms',
    save: async (file) => {
      for (let count = 0; count < 20; count += 1) {
        writeFileSync(file, `${SECOND}# ${count}\n`);
        await delay(5);
      }
    },
    content: `${SECOND}# 19\n`,
  },
];

describe.each([
  ['with the events of the operating system', { hints: chokidarHints }],
  ['without any event', {}],
] as const)('%s', (_, means: Means) => {
  // All rows at once: each spends its time waiting.
  const runs = new Map<Save, Promise<Run>>();
  beforeAll(async () => {
    for (const row of SAVES) runs.set(row, run(row, means));
    await Promise.allSettled(runs.values());
  });

  it.each(SAVES)('notices $how once, and the next write too', async (row) => {
    const { seen, latencies } = (await runs.get(row)) as Run;
    expect(seen).toEqual([
      row.content === undefined
        ? { kind: 'touch', content: FIRST }
        : { kind: 'change', content: row.content },
      { kind: 'change', content: THIRD },
    ]);
    expect(Math.max(...latencies)).toBeLessThan(NOTICED_WITHIN_MS);
  });
});

type Means = Pick<WatchOptions, 'hints'>;

interface Run {
  readonly seen: readonly { readonly kind: 'change' | 'touch'; readonly content: string }[];
  /** From the end of the save to the call, in milliseconds. */
  readonly latencies: readonly number[];
}

async function run(row: Save, means: Means): Promise<Run> {
  const world = startWorld(row, means);
  try {
    await world.settled();
    await row.save(world.file, world.root);
    const saved = performance.now();
    await world.next();
    const noticed = performance.now();
    writeFileSync(world.file, THIRD);
    const savedAgain = performance.now();
    await world.next();
    return { seen: world.seen, latencies: [noticed - saved, performance.now() - savedAgain] };
  } finally {
    await world.stop();
  }
}

function replace(file: string, content: string): void {
  writeFileSync(`${file}.tmp`, content);
  renameSync(`${file}.tmp`, file);
}

/** A folder with a watch on `conf/app.yaml`. */
function startWorld(row: Save, means: Means) {
  const root = mkdtempSync(path.join(tmpdir(), 'callbackd-watch-'));
  mkdirSync(path.join(root, 'conf'));
  const file = path.join(root, 'conf', 'app.yaml');
  writeFileSync(file, FIRST);
  row.prepare?.(root);
  const sources = new Map(readIfThere(file).map((text) => [file, text]));
  const seen: { readonly kind: 'change' | 'touch'; readonly content: string }[] = [];
  let announce = () => {};
  let surveys = 0;
  const stop = new AbortController();
  const note = (kind: 'change' | 'touch') => {
    seen.push({ kind, content: readFileSync(file, 'utf8') });
    announce();
  };
  const done = watchConfiguration({
    targets: () => {
      surveys += 1;
      const targets: WatchTargets = { main: file, includes: [], sources };
      return targets;
    },
    debounce: () => ({ quietMs: 300, maxWaitMs: 5_000 }),
    files: hostFiles,
    clock: systemClock,
    signal: stop.signal,
    ...means,
    onChange: () => note('change'),
    onTouch: () => note('touch'),
    onError: (error) => expect.unreachable(error.message),
  });
  let noticed = 0;
  return {
    root,
    file,
    seen,
    stop: async () => {
      stop.abort();
      await done;
      rmSync(root, { recursive: true });
    },
    /** Until the first survey is behind it and all is armed: the second comes a second later. */
    settled: async () => {
      while (surveys < 2) await delay(20);
    },
    next: async () => {
      while (seen.length <= noticed) await new Promise<void>((resolve) => (announce = resolve));
      noticed = seen.length;
    },
  };
}

function readIfThere(file: string): string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
