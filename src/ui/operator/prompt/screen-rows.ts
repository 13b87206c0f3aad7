/** Components side by side as far as their widths allow, in their order. Pure; knows nothing of elements. */
import type { Component } from '#procedure/screen.ts';

/** Percent of the room. */
export function widthOf({ width }: Component): number {
  return width === undefined ? 100 : Number.parseFloat(width);
}

export function rowsOf(components: readonly Component[]): (readonly Component[])[] {
  const rows: Component[][] = [];
  let left = 0;
  for (const component of components) {
    const width = widthOf(component);
    if (width > left) {
      rows.push([]);
      left = 100;
    }
    rows.at(-1)!.push(component);
    left -= width;
  }
  return rows;
}
