/**
 * Who imports whom: the table of rooms, the walls inside hardware/, the packages that have one home, and circles.
 *
 * Each function takes sources and returns complaints in words; none means that the wall holds. Knows nothing of files.
 */
import { DOORS, HARDWARE, HARDWARE_GROUND, PACKAGES, ROOMS, TRANSPORTS, type Wall } from './house.ts';
import type { Import, Source } from './source.ts';

const inside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const roomOf = (path: string) => path.split('/')[0] ?? '';
const isDoor = (room: string) => (DOORS as readonly string[]).includes(room);
const isFile = (path: string, depth: number) => path.split('/').length === depth;
const folderOf = (path: string, depth: number) => path.split('/').slice(0, depth).join('/');

function passes({ values, types = [] }: Wall, { target = '', typeOnly }: Import): boolean {
  const open = typeOnly ? [...values, ...types] : values;
  return open.some((folder) => inside(target, folder));
}

function why(wall: Wall, { specifier, typeOnly, target = '' }: Import, path: string): string {
  const asType = !typeOnly && wall.types?.some((folder) => inside(target, folder));
  return asType ? `${path} may import only types from ${specifier}` : `${path} may not import ${specifier}`;
}

/** One import against the table. @returns a complaint, or undefined */
function crossing({ path }: Source, one: Import): string | undefined {
  if (one.target === undefined) return;
  const [from, to] = [roomOf(path), roomOf(one.target)];
  if (isDoor(from)) {
    if (!isDoor(to) || to === from || ((from === 'page' || from === 'bench-worker') && one.address)) return;
    return `${path}: door ${from} may not import door ${to} (${one.specifier})`;
  }
  const wall = ROOMS[from];
  if (!wall) return `${path} is in no room of the house`;
  if (from === 'hardware' && to === 'hardware') return insideHardware(path, one);
  if (to === from || passes(wall, one)) return;
  return why(wall, one, path);
}

function insideHardware(path: string, one: Import): string | undefined {
  const target = one.target ?? '';
  const [from, to] = [folderOf(path, 2), folderOf(target, 2)];
  const wall = HARDWARE_GROUND.test(path) ? { values: [] } : HARDWARE[from];
  if (HARDWARE_GROUND.test(target)) return;
  if (!wall) return `${path} is in no part of hardware/`;
  // Two kinds of transport know nothing of each other; files directly in the folder are for all of them.
  const sameKind = from !== TRANSPORTS || folderOf(path, 3) === folderOf(target, 3) || isFile(target, 3);
  if ((to === from && sameKind) || passes(wall, one)) return;
  return why(wall, one, path);
}

export function brokenWalls(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => source.imports.flatMap((one) => crossing(source, one) ?? []));
}

/** Packages in rooms that are not their home; in base/, any package at all. */
export function strayPackages(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ target, specifier }) => {
      if (target !== undefined) return [];
      if (roomOf(path) === 'base') return [`${path}: base imports nothing, not even ${specifier}`];
      const [, homes] = Object.entries(PACKAGES).find(([name]) => isPackage(specifier, name)) ?? [];
      if (!homes || homes.some((home) => inside(path, home))) return [];
      return [`${path} may not import ${specifier}: its home is ${homes.join(' and ')}`];
    }),
  );
}

function isPackage(specifier: string, name: string): boolean {
  return name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name;
}

/** Files that import each other in a circle, each circle once. Addresses of workers are no imports. */
export function circles(sources: readonly Source[]): string[] {
  const bySource = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      found.push([...trail.slice(at), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const { target, address } of bySource.get(path)?.imports ?? []) {
      if (target !== undefined && !address) walk(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
  return found;
}

/** Imports of ours that lead nowhere, or leave out the extension. */
export function deadImports(sources: readonly Source[], exists: (path: string) => boolean): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ target, specifier }) =>
      target === undefined || exists(target) ? [] : [`${path} imports ${specifier}, and there is no such file`],
    ),
  );
}
