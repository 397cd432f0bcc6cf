/** What has no floor to be held against: its bound is a number. */
import { measureGrowth, measureIdle, measureSaves } from './daemons.mjs';
import { measureDiskWrites } from './disk-writes.mjs';
import { measureParsing, measureStateWrites } from './micro-parts.mjs';
import { measurePlanning } from './micro-planning.mjs';
import { measurePacing } from './pacing.mjs';

const middle = (list) => list.toSorted((left, right) => left - right)[Math.floor(list.length / 2)];
const value = (id, name, amount, unit, most) => ({
  id,
  name,
  value: amount,
  unit,
  ...(most === undefined ? {} : { most }),
});
const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** At 5 requests per second one refusal in a minute would be 0.3 %. */
const PACING_S = 180;

export const SINGLES = [
  { id: 'save', measure: measureBothSaves },
  { id: 'idle', measure: ({ full }) => measureRest(full ? 600 : 60) },
  {
    id: 'growth',
    measure: async () => [
      value('growth', 'growth over 1,000 quiet rounds', (await measureGrowth(1_000)).grownMb, 'MB', 2),
    ],
  },
  { id: 'disk', measure: measureDisk },
  { id: 'planning', measure: async () => asRows('planning', 'plan, ', measurePlanning()) },
  { id: 'parsing', measure: async () => asRows('parsing', '', await measureParsing()) },
  { id: 'state', measure: async () => asRows('state', '', await measureStateWrites()) },
  { id: 'pacing', isLong: true, measure: measureAllPacing },
];

async function measureBothSaves() {
  const seen = middle(await measureSaves(9, { withEvents: true }));
  const unseen = middle(await measureSaves(9, { withEvents: false }));
  return [
    value('save/event', 'file saved → first request, beyond the quiet time', seen, 'ms', 50),
    value('save/look', 'the same where only the re-stat sees it', unseen, 'ms', 1_100),
  ];
}

async function measureRest(seconds) {
  const { cpuMsPer10Min, memoryMb } = await measureIdle(seconds);
  return [
    value('idle/memory', 'idle daemon with 100 apps, memory', memoryMb, 'MB', 80),
    value('idle/cpu', `idle daemon, CPU in 10 minutes (${seconds} s measured)`, cpuMsPer10Min, 'ms', 1_500),
  ];
}

async function measureDisk() {
  const disk = await measureDiskWrites(1_000);
  if (disk === undefined) {
    process.stderr.write('disk: skipped, there is no strace\n');
    return [];
  }
  return [
    value('disk/bytes', 'written to the state directory for 1,000 creates', disk.bytes / 1e6, 'MB', 2),
    value('disk/syncs', 'syncs for 1,000 creates (3,000 commits)', disk.syncs, ''),
  ];
}

function asRows(id, prefix, results) {
  return results.map(({ situation, size, cpuMs, usPerEntry }) => ({
    ...value(
      `${id}/${slug(situation)}/${size}`,
      `${prefix}${situation}, ${size.toLocaleString('en')}`,
      cpuMs,
      'ms CPU',
    ),
    usPerEntry,
  }));
}

async function measureAllPacing() {
  return (await measurePacing(PACING_S)).flatMap(({ perSecond, style, reached, refused }) => [
    {
      ...value(
        `pacing/${perSecond}/${style}/reached`,
        `limit of ${perSecond}/s (${style}): used`,
        reached * 100,
        '%',
      ),
      least: 95,
    },
    value(
      `pacing/${perSecond}/${style}/refused`,
      `limit of ${perSecond}/s (${style}): refused`,
      refused * 100,
      '%',
      1,
    ),
  ]);
}
