/**
 * A file that a component names: one that cannot be shown is in the way of a run, not of reading.
 *
 * TofuPilot takes any address, so such a file still loads. Above: read-component.ts, read-component-additions.ts.
 */
import type { ComponentKind } from '#procedure/screen.ts';
import { screenFileTrouble } from '#procedure/screen-file.ts';
import type { Fields } from '#procedure/read/fields.ts';

export function checkFile(fields: Fields, key: string, path: string, kind: ComponentKind): void {
  const trouble = screenFileTrouble(path, kind);
  if (trouble)
    fields.context.problems.obstacle('screen-file', fields.keyPlace(key), `${fields.what}: “${key}” ${trouble}`);
}
