/**
 * The server's parts under their addresses, and what holds for every answer: policy, counting, access log.
 *
 * Knows nothing of sockets or of starting and stopping (main.ts), nor of what any part does.
 */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { messageOf } from '#base/fault.ts';
import { COMPILE_ADDRESS } from '#fleet/distribution/compile-wish.ts';
import { thresholdsOf } from '#fleet/health/thresholds.ts';
import { apiError } from '#server/api-error.ts';
import { answerFromApp, type AppFiles } from '#server/app-files.ts';
import { answerFromFleet } from '#server/fleet/fleet-routes.ts';
import { answerScript } from '#server/fleet/script-route.ts';
import { Compiler } from '#server/fleet/compile-route.ts';
import type { Fleet } from '#server/fleet/fleet.ts';
import type { Log } from '#server/log.ts';
import type { Metrics } from '#server/metrics.ts';
import type { Relay } from '#server/relay/relay.ts';
import type { RelayKeys } from '#server/relay/relay-keys.ts';
import { Repeats } from '#server/relay/repeats.ts';
import { routeOf } from '#server/route-of.ts';
import type { SandboxApi } from '#server/sandbox/sandbox-api.ts';
import { answerSandboxPage } from '#server/sandbox/sandbox-page.ts';
import type { Sandbox } from '#server/sandbox/sandbox.ts';
import { Rollouts } from '#server/rollouts/rollouts.ts';
import { answerSchema } from '#server/schema.ts';
import { DATA_POLICY } from '#server/security-headers.ts';
import { Peers } from '#server/stations/peers.ts';
import { healthText } from '#server/stations/station-metrics.ts';
import type { Stations } from '#server/stations/stations.ts';
import { StationsRoute } from '#server/stations/stations-route.ts';
import { Telemetry } from '#server/telemetry.ts';
import { SERVER_HEADER } from '#sync/tofupilot/attempt.ts';

/** What stands behind `/tofupilot/`: the real server, or the sandbox in its place. */
export type TofuPilot =
  | { readonly kind: 'relay'; readonly relay: Relay }
  | { readonly kind: 'sandbox'; readonly sandbox: Sandbox; readonly api: SandboxApi };

export interface AppParts {
  readonly files: AppFiles;
  readonly fleet: Fleet;
  readonly tofupilot: TofuPilot;
  readonly publicUrl: string | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly stations: Stations;
  /** Origins of the other servers behind this one's address. */
  readonly peers: readonly string[];
  /** Where the relay holds the stations' keys. */
  readonly keys?: RelayKeys | undefined;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** Aborted when no new work is taken any more; what is under way may end. */
  readonly leaving: AbortSignal;
}

/** Where a station asks whether TofuPilot is there, at no cost to TofuPilot. */
const REACH_PATH = '/tofupilot/reach';

type Env = { Bindings: HttpBindings };
type Handler = (context: Context<Env>) => Response | Promise<Response>;

export function createApp(parts: AppParts): Hono<Env> {
  const { files, fleet, tofupilot, log, metrics, stations, leaving, nowMs, monotonicMs } = parts;
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    const startedMs = parts.monotonicMs();
    await next();
    const route = routeOf(context.req.path);
    const cut = context.res === RESPONSE_ALREADY_SENT;
    if (!cut && !context.res.headers.has('content-security-policy')) {
      context.res.headers.set('content-security-policy', DATA_POLICY);
      context.res.headers.set('x-content-type-options', 'nosniff');
    }
    const status = cut ? 0 : context.res.status;
    metrics.request(route, status);
    const ms = Math.round(parts.monotonicMs() - startedMs);
    log.write('debug', 'request', { method: context.req.method, route, status, ms });
  });
  app.use(async (context, next) => {
    // Another site may not make this browser change anything here; a station's own page is same-origin.
    const site = context.req.header('sec-fetch-site') ?? 'none';
    const reads = ['GET', 'HEAD'].includes(context.req.method);
    if (reads || site === 'same-origin' || site === 'none') return next();
    return apiError('FORBIDDEN', 'Only pages of this origin may ask for this.');
  });

  app.get('/healthz', () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } }));
  app.get('/readyz', async () => {
    if (leaving.aborted) return apiError('SERVICE_UNAVAILABLE', 'The server is stopping.');
    if (!(await fleet.isReadable())) return apiError('SERVICE_UNAVAILABLE', 'The fleet’s folder cannot be read.');
    return Response.json({ status: 'ready' }, { headers: { 'cache-control': 'no-store' } });
  });
  const health = async () => (await fleet.settings()).health;
  app.get('/metrics', async (context) => {
    const limits = thresholdsOf(await health());
    const text = metrics.text() + healthText(stations.list(limits), limits);
    return context.text(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  app.get('/schema/procedure.json', (context) => answerSchema(context.req.raw));
  const telemetry = new Telemetry({ stations, log, monotonicMs, health, keys: parts.keys });
  app.post('/telemetry/heartbeat', (context) => telemetry.take('heartbeat', context.req.raw));
  app.post('/telemetry/logs', (context) => telemetry.take('logs', context.req.raw));
  const limits = async () => thresholdsOf(await health());
  const server = crypto.randomUUID();
  const peers = new Peers({ origins: parts.peers, server, fetch, monotonicMs });
  const told = new StationsRoute({ stations, peers, server, limits, nowMs });
  const rollouts = new Rollouts({ index: () => fleet.published.index(), beats: () => told.beats(), monotonicMs });
  app.get('/fleet/stations', (context) => told.answer(context.req.raw, () => rollouts.reports()));
  app.get('/fleet/*', async (context, next) =>
    // `/fleet` alone is a page of the app.
    new URL(context.req.url).pathname.length > '/fleet/'.length
      ? answerFromFleet({ fleet, rollouts, tryout: tofupilot.kind === 'sandbox' }, context.req.raw)
      : next(),
  );
  app.get('/scripts/*', async (context, next) => (await answerScript(files, fleet, context.req.path)) ?? next());
  const compiler = new Compiler(monotonicMs);
  app.post(COMPILE_ADDRESS, (context) => compiler.answer(context.req.raw));
  const repeats = new Repeats();
  app.use('/tofupilot/*', async (context, next) => {
    if (repeats.refuses(context.req.raw.headers))
      context.res = apiError(
        'TOO_EARLY',
        'This attempt may have been taken before, perhaps by another server process: look what is there.',
      );
    else await next();
    if (context.res !== RESPONSE_ALREADY_SENT) context.res.headers.set(SERVER_HEADER, repeats.server);
  });
  app.all('/tofupilot/*', tofupilotHandler(parts));
  if (tofupilot.kind === 'sandbox')
    for (const path of ['/sandbox', '/sandbox/*'])
      app.all(path, async (context, next) => (await answerSandboxPage(tofupilot.sandbox, context.req.raw)) ?? next());
  app.get('*', async (context, next) => (await answerFromApp(files, context.req.raw)) ?? next());
  app.notFound(() => apiError('NOT_FOUND', 'Not found'));
  app.onError((thrown, context) => {
    log.write('error', 'request-failed', { route: routeOf(context.req.path), message: messageOf(thrown) });
    return apiError('INTERNAL_SERVER_ERROR', 'The server failed; its log says why.');
  });
  return app;
}

function tofupilotHandler({ tofupilot, publicUrl }: AppParts): Handler {
  return async (context) => {
    const { incoming, outgoing } = context.env;
    const requested = new URL(context.req.url);
    const origin = publicUrl ?? requested.origin;
    if (tofupilot.kind === 'sandbox') {
      if (requested.pathname === REACH_PATH && !tofupilot.sandbox.faults.state.offline.on)
        return Response.json({ api: 'online' }, { headers: { 'cache-control': 'no-store' } });
      const answer = await tofupilot.api.answer(context.req.raw, origin);
      if (answer) return answer;
      incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort(new Error('The browser has gone.')));
    if (requested.pathname === REACH_PATH) return tofupilot.relay.reach();
    const token = /^\/tofupilot\/upload\/([^/]+)$/.exec(requested.pathname)?.[1];
    return token === undefined
      ? tofupilot.relay.forward(incoming, requested, origin, gone.signal)
      : tofupilot.relay.upload(incoming, token, gone.signal);
  };
}
