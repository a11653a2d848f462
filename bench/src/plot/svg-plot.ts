import { type Bar, MARKS, placeOf, shareText, shortened } from './bars.ts';

/** Pixels. */
const WIDTH = 900;
const LINE = 22;
const TOP = 48;
const LEFT = 400;
const SCALE = 430;
const LABEL_LENGTH = 62;

/** What was reached against each goal, as a picture that can be read on light and on dark ground. */
export function svgPlot(bars: readonly Bar[]): string {
  const height = TOP + bars.length * LINE + 12;
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title">`,
    '<title id="title">What was reached against each goal, on a logarithmic scale</title>',
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text x="${LEFT - 28}" y="20" text-anchor="end" class="head">reached / goal</text>`,
    ...MARKS.map((mark) => rule(mark, height)),
    ...bars.map(drawn),
    '</svg>\n',
  ].join('\n');
}

const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.head { font-weight: 600; }
.ground { fill: #ffffff; }
.rule { stroke: #d1d9e0; }
.goal { stroke: #1f2328; stroke-width: 2; }
.met { fill: #2da44e; }
.missed { fill: #d4792a; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .ground { fill: #0d1117; }
  .rule { stroke: #3d444d; }
  .goal { stroke: #f0f6fc; }
}
</style>`;

function rule(mark: number, height: number): string {
  const x = xOf(mark);
  const line = `<line class="${mark === 1 ? 'goal' : 'rule'}" x1="${x}" x2="${x}" y1="28" y2="${height - 8}"/>`;
  return `<text x="${x}" y="20" text-anchor="middle">${mark === 1 ? 'goal' : mark}</text>${line}`;
}

function drawn({ label, share }: Bar, at: number): string {
  const y = TOP + at * LINE;
  const width = Math.max(2, xOf(share) - LEFT);
  const kind = share >= 1 ? 'met' : 'missed';
  return [
    `<text x="${LEFT - 8}" y="${y}" text-anchor="end">${escaped(shortened(label, LABEL_LENGTH))}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${y - 11}" width="${width}" height="14" fill-opacity="0.85"/>`,
    `<text x="${LEFT + width + 6}" y="${y}">${shareText(share)}</text>`,
  ].join('');
}

function xOf(share: number): number {
  return Math.round(LEFT + placeOf(share) * SCALE);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
