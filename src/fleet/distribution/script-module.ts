/**
 * The module that a script worker is started with: the worker's own text, then one compiled script.
 *
 * One module, so that its policy can forbid it to load anything at all. Used by whoever answers the address: the
 * server, and the station for the time without one. Knows nothing of compiling and of running.
 */

/** One script of a release, compiled: its code without imports, and the map to what the author wrote. */
export interface CompiledScript {
  readonly code: string;
  /** Source map, format 3; sources are paths in the procedure's folder. */
  readonly map: { readonly sources: readonly string[]; readonly mappings: string };
}

/**
 * Procedure code computes and talks to the bench worker: it loads nothing, reaches no network, starts nothing. `sandbox`
 * gives it an origin of its own, so that the browser itself keeps it from everything that this origin has stored.
 */
export const SCRIPT_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/javascript; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const ROOM = '/scripts/';
/** Where a browser keeps modules ready for its workers; made anew from the store whenever a release is taken up. */
export const SCRIPT_CACHE = 'fieldbench-scripts';

/** @param release `sha256:…` */
export function scriptAddress(release: string, script: string): string {
  const path = script.split('/').map(encodeURIComponent).join('/');
  return `${ROOM}${release.replace(/^sha256:/, '')}/${path}.js`;
}

/** @returns undefined for an address that is no script's */
export function scriptOfAddress(pathname: string): { readonly release: string; readonly script: string } | undefined {
  const [, release, path] = /^\/scripts\/([0-9a-f]{64})\/(.+)\.js$/.exec(pathname) ?? [];
  if (release === undefined || path === undefined) return undefined;
  try {
    return { release: `sha256:${release}`, script: path.split('/').map(decodeURIComponent).join('/') };
  } catch {
    return undefined;
  }
}

/** @param worker text of the built script worker */
export function scriptModule(worker: string, { code }: CompiledScript): string {
  // A comment at its end, such as the name of a source map, must not swallow what follows.
  const front = `(() => {\n${worker}\n})();\n`;
  const firstLine = front.split('\n').length + 1;
  return `${front}fieldbenchScript(${firstLine}, async (fieldbenchTake) => {\n${code}\n});\n`;
}
