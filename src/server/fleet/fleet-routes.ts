/**
 * `/fleet/*`: the manifest and the files of every release that it offers, plain and always asked for anew.
 *
 * Knows nothing of how the fleet's folder is read (fleet.ts).
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { apiError } from '#server/api-error.ts';
import { alreadyHeld, tagOf } from '#server/entity-tag.ts';
import { mediaTypeOf } from '#server/media-type.ts';
import { CONFIGURATIONS } from '#fleet/config/document.ts';
import { CONTENT_FOLDER, RELEASES } from '#fleet/distribution/signed/addresses.ts';
import type { Fleet } from '#server/fleet/fleet.ts';
import type { Rollouts } from '#server/rollouts/rollouts.ts';
import type { Published } from '#server/fleet/published.ts';

const ONE_YEAR_S = 31_536_000;

export interface FleetParts {
  readonly fleet: Fleet;
  readonly rollouts: Pick<Rollouts, 'halts'>;
  readonly tryout: boolean;
}

export async function answerFromFleet({ fleet, rollouts, tryout }: FleetParts, request: Request): Promise<Response> {
  const parts = decodedParts(new URL(request.url).pathname);
  if (parts?.[0] === 'manifest.json' && parts.length === 1)
    return plainFile(
      request,
      JSON.stringify(await fleet.manifest(tryout, await rollouts.halts())),
      'application/json; charset=utf-8',
    );
  const [room, folder, ...path] = parts ?? [];
  if (room === 'scripts' && folder !== undefined) {
    const json = await fleet.compiled(folder, path.join('/').replace(/\.json$/, ''));
    if (json !== undefined) return plainFile(request, json, 'application/json; charset=utf-8');
  }
  if (room === RELEASES && folder === CONFIGURATIONS && path.length === 1) {
    const json = await fleet.configuration(path[0]!.replace(/\.json$/, ''));
    if (json !== undefined) return plainFile(request, json, 'application/json; charset=utf-8');
  }
  if (room === RELEASES && folder !== undefined) {
    const answer = await publishedFile(fleet.published, request, folder, path);
    if (answer) return answer;
  }
  const bytes = room === 'procedures' && folder !== undefined ? await fleet.file(folder, path.join('/')) : undefined;
  if (!bytes) return apiError('NOT_FOUND', 'The fleet offers no such file.');
  return plainFile(request, bytes, dataType(path.at(-1) ?? ''));
}

/** The two documents, asked for anew; contents by their hash, for ever, and never whole in memory: a hundred stations ask at once. */
async function publishedFile(
  published: Published,
  request: Request,
  name: string,
  rest: readonly string[],
): Promise<Response | undefined> {
  if (rest.length === 0) {
    const bytes = await published.document(name);
    return bytes && plainFile(request, bytes, 'application/json; charset=utf-8');
  }
  const [hash = '', ...more] = rest;
  const file = name === CONTENT_FOLDER && more.length === 0 ? await published.content(hash) : undefined;
  if (!file) return undefined;
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(file.size),
    'cache-control': `public, max-age=${ONE_YEAR_S}, immutable`,
  };
  if (request.method === 'HEAD') return new Response(null, { headers });
  return new Response(Readable.toWeb(createReadStream(file.path)) as ReadableStream, { headers });
}

function plainFile(request: Request, content: string | Uint8Array<ArrayBuffer>, mediaType: string): Response {
  const tag = tagOf(content);
  const headers = { etag: tag, 'cache-control': 'no-cache' };
  if (alreadyHeld(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  return new Response(content, { headers: { ...headers, 'content-type': mediaType } });
}

/** Code of a procedure is text here: it must not become a script of this origin by being linked to. */
function dataType(name: string): string {
  if (/\.(ya?ml|md|[cm]?[jt]s|html?|svg|css)$/i.test(name)) return 'text/plain; charset=utf-8';
  return mediaTypeOf(name);
}

/** Below /fleet/, each part decoded by itself: a slash in disguise stays inside its part and is then no file's name. */
function decodedParts(pathname: string): string[] | undefined {
  try {
    const parts = pathname
      .slice('/fleet/'.length)
      .split('/')
      .map((part) => decodeURIComponent(part));
    return parts.some((part) => part.includes('/')) ? undefined : parts;
  } catch {
    return undefined;
  }
}
