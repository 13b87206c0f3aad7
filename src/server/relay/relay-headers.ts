/**
 * Which headers cross the relay, and in which direction.
 *
 * Towards the API everything but what belongs to this connection, this origin or this browser; towards the browser
 * only what a client of the API reads. Never a cookie, and never `Clear-Site-Data`: it would erase the station's runs.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** RFC 9110, 7.6.1, and what older proxies treat alike. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
];
const OWN = ['host', 'cookie', 'origin', 'referer', 'forwarded', 'via', 'x-real-ip'];
const OWN_FAMILIES = /^(sec-|x-forwarded-|access-control-|fieldbench-)/;

const ANSWERED = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-disposition',
  'date',
  'etag',
  'last-modified',
  'retry-after',
];
const ANSWERED_FAMILIES = /^(x-)?(ratelimit|request-id)/;

type Headers = Record<string, string | string[]>;

export function towardsApi(headers: IncomingHttpHeaders): Headers {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const kept = Object.entries(headers).filter(
    ([name, value]) =>
      value !== undefined && ![...HOP_BY_HOP, ...OWN, ...named].includes(name) && !OWN_FAMILIES.test(name),
  );
  return Object.fromEntries(kept) as Headers;
}

/** An upload address carries its own permission: a key beside it would only leak to the storage. */
export function towardsStorage(headers: IncomingHttpHeaders): Headers {
  const wanted = ['content-type', 'content-length', 'content-encoding', 'content-md5', 'content-disposition'];
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && wanted.includes(name));
  return Object.fromEntries(kept) as Headers;
}

export function towardsBrowser(headers: IncomingHttpHeaders): Headers {
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && (ANSWERED.includes(name) || ANSWERED_FAMILIES.test(name)),
  );
  // An answer about runs from a cache would be a look-up of the past.
  return { ...(Object.fromEntries(kept) as Headers), 'cache-control': 'no-store' };
}
