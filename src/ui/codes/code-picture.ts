/**
 * A text as a QR code on a canvas, one pixel a module: the browser enlarges it without blurring.
 *
 * Always black on white with its quiet zone, in dark rooms too: that is what cameras look for. Loaded when codes are shown.
 */
import encodeQR from 'qr';

/** What the texts are made for (sync/transfer/frames.ts); always the same, so that the picture does not jump. */
const FORM = { ecc: 'medium', encoding: 'alphanumeric', version: 13, border: 4 } as const;

export function drawCode(canvas: HTMLCanvasElement, text: string): void {
  const modules = encodeQR(text, 'raw', FORM);
  const size = modules.length;
  canvas.width = canvas.height = size;
  const image = new ImageData(size, size);
  for (const [y, row] of modules.entries())
    for (const [x, isDark] of row.entries())
      image.data.set(isDark ? [0, 0, 0, 255] : [255, 255, 255, 255], (y * size + x) * 4);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
