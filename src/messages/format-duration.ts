/** Milliseconds in the notation of the configuration file, such as `10m`; rounded down to the second. */

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
];

/** The two largest units that are not zero: `1d2h`, `10m`, `5s`. Below one second: `0s`. */
export function formatDuration(ms: number): string {
  return (
    largestUnits(ms)
      .map(([count, unit]) => `${count}${unit}`)
      .join('') || '0s'
  );
}

const CHINESE_UNITS: Readonly<Record<string, string>> = { d: '天', h: '小时', m: '分钟', s: '秒' };

/** The same for a Chinese sentence: `1 天 2 小时`, `10 分钟`. */
export function formatDurationInChinese(ms: number): string {
  return (
    largestUnits(ms)
      .map(([count, unit]) => `${count} ${CHINESE_UNITS[unit]}`)
      .join(' ') || '0 秒'
  );
}

function largestUnits(ms: number): readonly (readonly [count: number, unit: string])[] {
  let rest = Math.max(0, Math.floor(ms / 1000));
  const parts: (readonly [number, string])[] = [];
  for (const [unit, seconds] of UNITS) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push([count, unit]);
  }
  return parts.slice(0, 2);
}
