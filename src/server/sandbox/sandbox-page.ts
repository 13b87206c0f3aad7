/**
 * `/sandbox`: the page, its two files, and the JSON behind it.
 *
 * Only commands that come as JSON are taken: another site's form cannot send that. Knows nothing of how a fault or a
 * run is made.
 */
import { apiError } from '#server/api-error.ts';
import { alreadyHeld, tagOf } from '#server/entity-tag.ts';
import { readLimited } from '#server/read-limited.ts';
import { APP_HEADERS } from '#server/security-headers.ts';
import { arrivedRun, countDoubled } from '#server/sandbox/arrived.ts';
import { listMarkup } from '#server/sandbox/list-markup.ts';
import css from '#server/sandbox/page/sandbox.css?raw';
import script from '#server/sandbox/page/sandbox-page.js?raw';
import { pageMarkup } from '#server/sandbox/page-shell.ts';
import type { Sandbox } from '#server/sandbox/sandbox.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sandbox";
const HTML = 'text/html; charset=utf-8';
const LONGEST_ORDER_BYTES = 4096;

export async function answerSandboxPage(sandbox: Sandbox, request: Request): Promise<Response | undefined> {
  const path = new URL(request.url).pathname.replace(/\/$/, '');
  if (request.method === 'POST')
    return path === '/sandbox/faults' || path === '/sandbox/clear' ? command(sandbox, request, path) : undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const file = /^\/sandbox\/files\/([^/]+)$/.exec(path)?.[1];
  if (file !== undefined) return download(sandbox, file);
  switch (path) {
    case '/sandbox': {
      const list = listMarkup(sandbox.runs);
      return page(request, pageMarkup(list, tagOf(list), sandbox.faults), HTML);
    }
    case '/sandbox/list':
      return page(request, listMarkup(sandbox.runs), HTML);
    case '/sandbox/sandbox.css':
      return page(request, css, 'text/css; charset=utf-8');
    case '/sandbox/sandbox-page.js':
      return page(request, script, 'text/javascript; charset=utf-8');
    case '/sandbox/faults':
      return json(sandbox.faults.state);
    case '/sandbox/state':
      return json(state(sandbox));
    default:
      return undefined;
  }
}

function state({ runs, faults }: Sandbox) {
  const kept = runs.all();
  return {
    revision: runs.revision,
    arrived: runs.arrived,
    kept: kept.length,
    doubled: countDoubled(runs),
    faults: faults.state,
    runs: kept.map(arrivedRun),
  };
}

async function command(sandbox: Sandbox, request: Request, path: string): Promise<Response> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    return apiError('UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be application/json.');
  const bytes = await readLimited(request, LONGEST_ORDER_BYTES);
  if (!bytes) return apiError('PAYLOAD_TOO_LARGE', 'That is no order.');
  if (path === '/sandbox/clear') {
    sandbox.clear();
    return json(state(sandbox));
  }
  let order: unknown;
  try {
    order = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return apiError('PARSE_ERROR', 'The body is not JSON.');
  }
  const understood = sandbox.faults.order(order);
  if (understood) return json(sandbox.faults.state);
  return apiError('BAD_REQUEST', 'Send { fault, on, seconds?, count? }; GET /sandbox/faults names the faults.');
}

function page(request: Request, body: string, mediaType: string): Response {
  const tag = tagOf(body);
  const headers = { ...APP_HEADERS, 'content-security-policy': POLICY, 'cache-control': 'no-cache', etag: tag };
  if (alreadyHeld(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': mediaType } });
}

/** Whatever a station sent is only ever saved to disk, never opened as a page of this origin. */
function download(sandbox: Sandbox, id: string): Response {
  const content = sandbox.attachments.get(id)?.content;
  if (!content) return apiError('NOT_FOUND', 'No such file.');
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'cache-control': 'no-store',
  };
  return new Response(content.bytes, { headers });
}

function json(data: unknown): Response {
  return Response.json(data, { headers: { 'cache-control': 'no-store' } });
}
