/**
 * Ink on paper: strokes of a pointer, or a typed name, drawn on a canvas and taken off as a PNG.
 *
 * Dark on white in every theme, since it is kept and printed. Knows nothing of questions.
 */
import type { AnsweredFile } from '#procedure/answer.ts';

/** Pixels of what is kept: enough for a page, some ten kilobytes. */
export const PAPER = { width: 900, height: 300 } as const;
const INK = '#10182b';
const PEN_PX = 5;

export function clearPaper(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, PAPER.width, PAPER.height);
}

/** One stroke's next stretch, in pixels of the paper. */
export function drawStroke(
  canvas: HTMLCanvasElement,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.strokeStyle = INK;
  context.lineWidth = PEN_PX;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** For whoever cannot draw: the same paper with their name on it. */
export function writeName(canvas: HTMLCanvasElement, name: string): void {
  clearPaper(canvas);
  const context = canvas.getContext('2d');
  if (!context || name.trim() === '') return;
  context.fillStyle = INK;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = 'italic 96px cursive';
  context.fillText(name.trim(), PAPER.width / 2, PAPER.height / 2, PAPER.width * 0.92);
}

export function paperOf(canvas: HTMLCanvasElement): Promise<AnsweredFile | null> {
  return new Promise((resolve) =>
    canvas.toBlob(async (blob) => {
      resolve(blob && { contentType: 'image/png', bytes: new Uint8Array(await blob.arrayBuffer()) });
    }, 'image/png'),
  );
}
