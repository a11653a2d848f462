import type { Io } from './io.ts';

/** Shows what goes on: in place on a terminal, as plain lines elsewhere, and nothing where it takes no time. */
export interface ProgressLine {
  say(text: string): void;
  end(): void;
}

const FRAMES = ['|', '/', '-', '\\'];
const FRAME_MS = 120;
/** Elsewhere than on a terminal, a line at most so often, milliseconds. */
const LINE_MS = 2_000;

export function createProgressLine(io: Io): ProgressLine {
  const started = Date.now();
  let text = 'starting';
  let frame = 0;
  let lastLine = started;

  function draw(): void {
    frame = (frame + 1) % FRAMES.length;
    const seconds = Math.round((Date.now() - started) / 1000);
    io.draw(`${FRAMES[frame]} ${text} (${seconds} s)`);
  }

  function line(): void {
    if (Date.now() - lastLine < LINE_MS) return;
    lastLine = Date.now();
    io.err(`openbank: ${text}`);
  }

  const timer = setInterval(io.interactive ? draw : line, FRAME_MS);
  return {
    say(now) {
      text = now;
    },
    end() {
      clearInterval(timer);
      if (io.interactive) io.draw('');
    },
  };
}
