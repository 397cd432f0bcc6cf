/** An SVG of cost against the number of apps, both axes logarithmic: rows in, text out. */

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [720, 440, 70, 60, 50, 150];
const SERIES = [
  { title: 'one-shot: callbackd', of: /^quiet-\d+-0ms$/, side: 'ours', color: '#1f6feb', dash: '' },
  { title: 'one-shot: floor', of: /^quiet-\d+-0ms$/, side: 'floor', color: '#1f6feb', dash: '4 4' },
  { title: 'warm: callbackd', of: /^warm-\d+$/, side: 'ours', color: '#bf3989', dash: '' },
  { title: 'warm: floor', of: /^warm-\d+$/, side: 'floor', color: '#bf3989', dash: '4 4' },
];

export function plotCost(rows) {
  const lines = SERIES.map((series) => ({
    ...series,
    points: rows
      .filter(({ id }) => series.of.test(id))
      .map((row) => ({ x: row.count, y: row[series.side].cpuMs.median }))
      .sort((left, right) => left.x - right.x),
  })).filter(({ points }) => points.length > 0);
  const all = lines.flatMap(({ points }) => points);
  const axes = {
    x: decades(all.map(({ x }) => x)),
    y: decades(all.map(({ y }) => y)),
  };
  const at = ({ x, y }) => [
    LEFT + share(x, axes.x) * (WIDTH - LEFT - RIGHT),
    HEIGHT - BOTTOM - share(y, axes.y) * (HEIGHT - BOTTOM - TOP),
  ];
  const body = [
    ...axes.x.map((x) => formatTick(at({ x, y: axes.y[0] }), x.toLocaleString('en'), 'x')),
    ...axes.y.map((y) => formatTick(at({ x: axes.x[0], y }), `${y.toLocaleString('en')} ms`, 'y')),
    ...lines.map((line) => formatLine(line, at)),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="24" font-size="15" fill="#1f2328">CPU time of a quiet round against the number of apps</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** Powers of ten that enclose the values. */
function decades(values) {
  const [low, high] = [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values))),
  ];
  return Array.from({ length: Math.max(1, high - low) + 1 }, (_, index) => 10 ** (low + index));
}

function share(value, axis) {
  const [low, high] = [Math.log10(axis[0]), Math.log10(axis.at(-1))];
  return (Math.log10(value) - low) / (high - low);
}

function formatTick([x, y], text, axis) {
  const line =
    axis === 'x'
      ? `<line x1="${x}" y1="${TOP}" x2="${x}" y2="${y}" stroke="#d1d9e0"/>`
      : `<line x1="${x}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}" stroke="#d1d9e0"/>`;
  const label =
    axis === 'x'
      ? `<text x="${x}" y="${y + 20}" text-anchor="middle" fill="#59636e">${text}</text>`
      : `<text x="${x - 8}" y="${y + 4}" text-anchor="end" fill="#59636e">${text}</text>`;
  return `${line}\n${label}`;
}

function formatLine({ title, points, color, dash }, at) {
  const places = points.map((point) => at(point).map((value) => value.toFixed(1)));
  const [x, y] = places.at(-1);
  return [
    `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`),
    `<text x="${Number(x) + 8}" y="${Number(y) + 4}" fill="${color}">${title}</text>`,
  ].join('\n');
}
