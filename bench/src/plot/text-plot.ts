import { type Bar, MARKS, placeOf, shareText, shortened } from './bars.ts';

const LABEL = 46;
/** Characters from the left end of the scale to its right end. */
const SCALE = 40;

/** What was reached against each goal, as bars of plain text in at most 100 columns. */
export function textPlot(bars: readonly Bar[]): string {
  return [`${'reached / goal'.padEnd(LABEL)} ${scale()}`, ...bars.map(line)].join('\n');
}

/** The marks, each with its last digit at its place, the first from the left end on. */
function scale(): string {
  return MARKS.reduce((text, mark) => text + `${mark}`.padStart(columnOf(mark) + 1 - text.length), '');
}

function line({ label, share }: Bar): string {
  const end = columnOf(share);
  const goal = columnOf(1);
  const cells = Array.from({ length: SCALE + 1 }, (_, at) => (at === goal ? '|' : at <= end ? '#' : ' '));
  return `${shortened(label, LABEL).padEnd(LABEL)} ${cells.join('')} ${shareText(share).padStart(5)}`;
}

function columnOf(share: number): number {
  return Math.round(placeOf(share) * SCALE);
}
