/**
 * The built app, from memory: hashed files for ever, everything else asked for anew each time.
 *
 * A path is looked up in the list made at start, so there is no way out of the folder. An unknown path under /assets/
 * is 404 and never the page: a page under a script's name would be precached and break the station at its next start.
 * Knows nothing of fleet, relay or sandbox.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { alreadyHeld, tagOf } from '#server/entity-tag.ts';
import { isCompressible, mediaTypeOf } from '#server/media-type.ts';
import { APP_HEADERS, APP_POLICY, SCRIPT_WORKER_POLICY } from '#server/security-headers.ts';
import { serverFault } from '#server/server-fault.ts';

type Encoding = 'br' | 'gzip';
type Bytes = Uint8Array<ArrayBuffer>;

interface AppFile {
  readonly bytes: Bytes;
  readonly tag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compressible: boolean;
  /** Compressed at first request, then kept. */
  readonly compressed: Map<Encoding, Promise<Bytes>>;
}

export type AppFiles = ReadonlyMap<string, AppFile>;

const ONE_YEAR_S = 31_536_000;
/** Below this a compressed answer saves no packet. */
const SMALLEST_COMPRESSED_BYTES = 1024;
/** Half of the time of level 11 for about 2 % more bytes. */
const BROTLI_QUALITY = 9;

/** The app's own routes (contract): each is the page. */
const ROUTES = /^\/(?:|(?:history|fixtures|queue|fleet|settings)\/?|runs\/[^/]+\/?)$/;

/** @throws {Fault} `app-missing` */
export async function loadAppFiles(appDir: string): Promise<AppFiles> {
  const entries = await readdir(appDir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, AppFile>();
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(appDir, file).split(sep).join('/')}`;
    files.set(path, appFile(path, new Uint8Array(await readFile(file))));
  }
  if (!files.has('/index.html'))
    throw serverFault('app-missing', `There is no built app in ${appDir}.`, 'Build it first: npm run build.');
  return files;
}

function appFile(path: string, bytes: Bytes): AppFile {
  const mediaType = mediaTypeOf(path);
  const hashed = path.startsWith('/assets/');
  const scriptWorker = path.slice(path.lastIndexOf('/')).includes('script-worker');
  return {
    bytes,
    tag: tagOf(bytes),
    compressible: isCompressible(mediaType) && bytes.length >= SMALLEST_COMPRESSED_BYTES,
    compressed: new Map(),
    headers: {
      ...APP_HEADERS,
      'cache-control': hashed ? `public, max-age=${ONE_YEAR_S}, immutable` : 'no-cache',
      'content-security-policy': scriptWorker ? SCRIPT_WORKER_POLICY : APP_POLICY,
      'content-type': mediaType,
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
  const encoding = file.compressible ? accepted(request.headers.get('accept-encoding') ?? '') : undefined;
  const body = encoding ? await compress(file, encoding) : file.bytes;
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

function accepted(header: string): Encoding | undefined {
  const offers = header
    .toLowerCase()
    .split(',')
    .map((offer) => offer.trim().split(/\s*;\s*/))
    .filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ''))
    .map(([name]) => name);
  return (['br', 'gzip'] as const).find((encoding) => offers.includes(encoding));
}

function compress(file: AppFile, encoding: Encoding): Promise<Bytes> {
  const known = file.compressed.get(encoding);
  if (known) return known;
  const made =
    encoding === 'gzip'
      ? promisify(gzip)(file.bytes)
      : promisify(brotliCompress)(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  const bytes = made.then((buffer) => new Uint8Array(buffer));
  file.compressed.set(encoding, bytes);
  return bytes;
}
