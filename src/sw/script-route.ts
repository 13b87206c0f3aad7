/**
 * `/scripts/…` from this station's own store, so that a procedure's code runs without a network.
 *
 * bench-worker/scripts.ts puts each module there with the policy that it is served under. Matched by path alone.
 */
import { SCRIPT_CACHE } from '#fleet/distribution/script-module.ts';

export function isScript({ url }: { readonly url: URL }): boolean {
  return url.origin === self.location.origin && url.pathname.startsWith('/scripts/');
}

export async function answerScript({ request }: { readonly request: Request }): Promise<Response> {
  const cache = await caches.open(SCRIPT_CACHE);
  return (await cache.match(new URL(request.url).pathname)) ?? fetch(request);
}
