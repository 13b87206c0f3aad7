/**
 * A picture, small enough to be kept for every state: the mean colour of each square. What is gone, moved or coloured
 * otherwise shows; another browser's way to draw the same letters hardly does.
 *
 * Above it: kept-pictures.ts. Knows nothing of the gallery.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** A button is at least 48 px: wherever it lies, it fills one square or most of two. */
const SQUARE_PX = 32;
/** Of 255, in one colour. Letters drawn by another version of the browser change a square by 1 to 3. */
const TOLERANCE = 8;

export interface Print {
  readonly columns: number;
  /** Red, green and blue of each square, row by row. */
  readonly colours: Uint8Array;
}

/**
 * @param desk any page of a browser, which reads pictures better than we do; what it shows stays as it is
 * @param png the picture
 */
export async function printOf(desk: Page, png: Buffer): Promise<Print> {
  const { columns, colours } = await desk.evaluate(
    async ([text, square]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const { width, height } = picture;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const [columns, rows] = [Math.ceil(width / square), Math.ceil(height / square)];
      const [sums, counts] = [new Float64Array(columns * rows * 3), new Float64Array(columns * rows)];
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1) {
          const cell = Math.floor(y / square) * columns + Math.floor(x / square);
          const at = (y * width + x) * 4;
          counts[cell]! += 1;
          for (let colour = 0; colour < 3; colour += 1) sums[cell * 3 + colour]! += data[at + colour]!;
        }
      return { columns, colours: Array.from(sums, (sum, at) => Math.round(sum / counts[Math.floor(at / 3)]!)) };
    },
    [png.toString('base64'), SQUARE_PX] as const,
  );
  return { columns, colours: Uint8Array.from(colours) };
}

/** As text for a file. */
export const packPrint = ({ columns, colours }: Print): string =>
  `${columns} ${deflateRawSync(colours, { level: 9 }).toString('base64')}`;

/** @throws Error for a text that {@link packPrint} has not written */
export function unpackPrint(text: string): Print {
  const [columns = '', packed = ''] = text.split(' ');
  return { columns: Number(columns), colours: new Uint8Array(inflateRawSync(Buffer.from(packed, 'base64'))) };
}

/** @returns where two pictures differ, in px from the top left, row by row; null where they are of different size */
export function differences(one: Print, other: Print): { x: number; y: number }[] | null {
  if (one.columns !== other.columns || one.colours.length !== other.colours.length) return null;
  const found: { x: number; y: number }[] = [];
  for (let cell = 0; cell * 3 < one.colours.length; cell += 1) {
    const isOther = [0, 1, 2].some(
      (colour) => Math.abs(one.colours[cell * 3 + colour]! - other.colours[cell * 3 + colour]!) > TOLERANCE,
    );
    if (isOther) found.push({ x: (cell % one.columns) * SQUARE_PX, y: Math.floor(cell / one.columns) * SQUARE_PX });
  }
  return found;
}
