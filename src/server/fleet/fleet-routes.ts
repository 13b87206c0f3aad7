/**
 * `/fleet/*`: the manifest and the files of every release that it offers, plain and always asked for anew.
 *
 * Knows nothing of how the fleet's folder is read (fleet.ts).
 */
import { apiError } from '#server/api-error.ts';
import { alreadyHeld, tagOf } from '#server/entity-tag.ts';
import { mediaTypeOf } from '#server/media-type.ts';
import type { Fleet } from '#server/fleet/fleet.ts';

export async function answerFromFleet(fleet: Fleet, request: Request, tryout: boolean): Promise<Response> {
  const parts = decodedParts(new URL(request.url).pathname);
  if (parts?.[0] === 'manifest.json' && parts.length === 1)
    return plainFile(request, JSON.stringify(await fleet.manifest(tryout)), 'application/json; charset=utf-8');
  const [room, folder, ...path] = parts ?? [];
  if (room === 'scripts' && folder !== undefined) {
    const json = await fleet.compiled(folder, path.join('/').replace(/\.json$/, ''));
    if (json !== undefined) return plainFile(request, json, 'application/json; charset=utf-8');
  }
  const bytes = room === 'procedures' && folder !== undefined ? await fleet.file(folder, path.join('/')) : undefined;
  if (!bytes) return apiError('NOT_FOUND', 'The fleet offers no such file.');
  return plainFile(request, bytes, dataType(path.at(-1) ?? ''));
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
