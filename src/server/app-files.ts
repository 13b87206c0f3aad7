/**
 * The built app, from memory: hashed files for ever, everything else asked for anew each time.
 *
 * A path is looked up in the list made at start, so there is no way out of the folder. An unknown path under /assets/
 * is 404 and never the page: a page under a script's name would be precached and break the station at its next start.
 * Knows nothing of fleet, relay or sandbox.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { alreadyHeld, tagOf } from '#server/entity-tag.ts';
import { mediaTypeOf } from '#server/media-type.ts';
import { APP_HEADERS, APP_POLICY, SCRIPT_WORKER_POLICY } from '#server/security-headers.ts';
import { serverFault } from '#server/server-fault.ts';

type Encoding = 'br' | 'gzip';
type Bytes = Uint8Array<ArrayBuffer>;

interface AppFile {
  readonly bytes: Bytes;
  readonly tag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it was compressed when the app was built. */
  readonly compressed: Partial<Record<Encoding, Bytes>>;
}

export type AppFiles = ReadonlyMap<string, AppFile>;

const ONE_YEAR_S = 31_536_000;
/** What the build has put beside a text (cli/compress-app.js). */
const ENDINGS: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };
const ENCODINGS = Object.keys(ENDINGS) as readonly Encoding[];

/** The app's own routes (contract): each is the page. */
const ROUTES =
  /^\/(?:|(?:history|analysis|fixtures|queue|fleet|stations|workshop|settings|wall)\/?|runs\/[^/]+\/?|help(?:\/.*)?)$/;

/** @throws {Fault} `app-missing` */
export async function loadAppFiles(appDir: string): Promise<AppFiles> {
  const entries = await readdir(appDir, { recursive: true, withFileTypes: true }).catch(() => []);
  const all = new Map<string, Bytes>();
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = join(entry.parentPath, entry.name);
    all.set(`/${relative(appDir, file).split(sep).join('/')}`, new Uint8Array(await readFile(file)));
  }
  const files = new Map<string, AppFile>();
  for (const path of all.keys()) if (!isCompressed(path, all)) files.set(path, appFile(path, all));
  if (!files.has('/index.html'))
    throw serverFault('app-missing', `There is no built app in ${appDir}.`, 'Build it first: npm run build.');
  return files;
}

function isCompressed(path: string, all: ReadonlyMap<string, Bytes>): boolean {
  return Object.values(ENDINGS).some((ending) => path.endsWith(ending) && all.has(path.slice(0, -ending.length)));
}

function appFile(path: string, all: ReadonlyMap<string, Bytes>): AppFile {
  const bytes = all.get(path)!;
  const hashed = path.startsWith('/assets/');
  const scriptWorker = path.slice(path.lastIndexOf('/')).includes('script-worker');
  return {
    bytes,
    tag: tagOf(bytes),
    compressed: Object.fromEntries(
      ENCODINGS.flatMap((encoding) => {
        const small = all.get(path + ENDINGS[encoding]);
        return small ? [[encoding, small]] : [];
      }),
    ),
    headers: {
      ...APP_HEADERS,
      'cache-control': hashed ? `public, max-age=${ONE_YEAR_S}, immutable` : 'no-cache',
      'content-security-policy': scriptWorker ? SCRIPT_WORKER_POLICY : APP_POLICY,
      'content-type': mediaTypeOf(path),
      vary: 'accept-encoding',
    },
  };
}

/** The text that stands in front of every script (fleet/distribution/script-module.ts). */
export function scriptWorkerText(files: AppFiles): string | undefined {
  const path = [...files.keys()].find((one) => /^\/assets\/script-worker-[^/]*\.js$/.test(one));
  const file = path === undefined ? undefined : files.get(path);
  return file && new TextDecoder().decode(file.bytes);
}

/** @returns undefined when the app has nothing of this name */
export async function answerFromApp(files: AppFiles, request: Request): Promise<Response | undefined> {
  const path = decoded(new URL(request.url).pathname);
  const file = files.get(path !== undefined && ROUTES.test(path) ? '/index.html' : (path ?? ''));
  if (!file) return undefined;
  const encoding = accepted(request.headers.get('accept-encoding') ?? '', file);
  const body = (encoding && file.compressed[encoding]) ?? file.bytes;
  // Other bytes on the wire are another entity: the tag says which.
  const tag = encoding ? file.tag.replace(/"$/, `-${encoding}"`) : file.tag;
  const headers = { ...file.headers, etag: tag };
  if (alreadyHeld(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: encoding ? { ...headers, 'content-encoding': encoding } : headers });
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function accepted(header: string, { compressed }: AppFile): Encoding | undefined {
  const offers = header
    .toLowerCase()
    .split(',')
    .map((offer) => offer.trim().split(/\s*;\s*/))
    .filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ''))
    .map(([name]) => name);
  return ENCODINGS.find((encoding) => compressed[encoding] && offers.includes(encoding));
}
