/** Screens of a terminal over time, as one animated picture. */

const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
/** Seconds that the last screen stays before it begins again. */
const REST = 5;
const COLORS = {
  1: '#ff7b72',
  2: '#7ee787',
  3: '#e3b341',
  4: '#79c0ff',
  5: '#d2a8ff',
  6: '#76e3ea',
  7: '#c9d1d9',
  8: '#8b949e',
  9: '#ffa198',
  10: '#7ee787',
  11: '#e3b341',
  12: '#a5d6ff',
  14: '#76e3ea',
};

/**
 * @param {{ at: number, lines: { text: string, width: number, style: string }[][] }[]} screens
 *   `at` in seconds; each line is its runs of one style, whose texts together are the whole line.
 * @param {{ columns: number, rows: number, title: string }} size
 */
export function animatedSvg(screens, { columns, rows, title }) {
  const end = screens.at(-1).at;
  const total = end + REST;
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN;
  const spans = spansOf(screens, rows, total);
  const styles = new Map();
  const drawn = spans.map(({ row, line, from, to }) => {
    const always = from === 0 && to === total;
    const isLast = to === total;
    const key = `${percent(from, total)} ${percent(to, total)}`;
    if (!always && !styles.has(key)) styles.set(key, `k${styles.size}`);
    const name = always ? '' : ` class="${styles.get(key)}${isLast ? ' z' : ''}"`;
    return `<g${name}>${runs(line, row)}</g>`;
  });
  const rules = [...styles].map(([key, name]) => {
    const [from, to] = key.split(' ');
    const before = from === '0' ? '' : `0%{opacity:0}`;
    const after = to === '100' ? '' : `${to}%,100%{opacity:0}`;
    return `@keyframes ${name}{${before}${from}%{opacity:1}${after}}.${name}{animation-name:${name}}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9;white-space:pre}.b{font-weight:700}.d{fill:#8b949e}${Object.entries(
    COLORS,
  )
    .map(([color, value]) => `.c${color}{fill:${value}}`)
    .join('')}
g[class]{animation:${total}s step-end infinite}${rules.join('')}
@media(prefers-reduced-motion:reduce){g[class]{animation:none;opacity:0}g.z{opacity:1}}</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${drawn.join('\n')}
</svg>
`;
}

/** For how long each line of each row stands. */
function spansOf(screens, rows, total) {
  const spans = [];
  for (let row = 0; row < rows; row += 1) {
    let open = null;
    for (const { at, lines } of screens) {
      const line = lines[row] ?? [];
      const key = JSON.stringify(line);
      if (open?.key === key) continue;
      if (open !== null) spans.push({ ...open, to: at });
      open = { row, key, line, from: at };
    }
    if (open !== null) spans.push({ ...open, to: total });
  }
  return spans.filter(({ line, from, to }) => line.length > 0 && to > from);
}

function percent(seconds, total) {
  return String(Number(((100 * seconds) / total).toFixed(2)));
}

function runs(line, row) {
  let column = 0;
  const y = MARGIN + row * CELL.height + 13;
  return line
    .map(({ text, width, style }) => {
      const x = MARGIN + column * CELL.width;
      column += width;
      if (text.trim() === '') return '';
      const name = style === '' ? '' : ` class="${style}"`;
      const length = Number((width * CELL.width).toFixed(1));
      return `<text x="${Number(x.toFixed(1))}" y="${y}" textLength="${length}"${name}>${escaped(text)}</text>`;
    })
    .join('');
}

/** Spaces that no renderer folds. */
function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(' ', '\u00a0');
}
