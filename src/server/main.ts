/**
 * The server's door: settings in, address out, and an end within five seconds.
 *
 * Builds the real things and hands them to the parts. Above it: the command line, which prints a fault's line and
 * turns signals into `close`. Knows nothing of what is served.
 */
import { createServer, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { systemClock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { createApp, type TofuPilot } from '#server/app.ts';
import { loadAppFiles } from '#server/app-files.ts';
import { CONNECTION_LIMITS } from '#server/connection-limits.ts';
import { Fleet, TRYOUT } from '#server/fleet/fleet.ts';
import { openLog, type Log } from '#server/log.ts';
import { Metrics } from '#server/metrics.ts';
import { loadRelayKeys, type RelayKeys } from '#server/relay/relay-keys.ts';
import { Relay } from '#server/relay/relay.ts';
import { UploadTokens } from '#server/relay/upload-token.ts';
import { SandboxApi } from '#server/sandbox/sandbox-api.ts';
import { Sandbox } from '#server/sandbox/sandbox.ts';
import { serverFault } from '#server/server-fault.ts';
import { readSettings, type Settings } from '#server/settings.ts';
import { Stations } from '#server/stations/stations.ts';

export interface RunningServer {
  /** Where a person on this machine opens the app. */
  readonly url: string;
  /** Lets answers under way finish for two seconds, then cuts them; resolves when the port is free. */
  close(): Promise<void>;
}

/** The contract gives five seconds in all; a run's upload takes far less than this. */
const GRACE_MS = 2_000;
const SWEEP_MS = 50;

/** @throws {Fault} `setting-invalid`, `app-missing`, `fleet-invalid`, `keys-invalid`, `address-taken` */
export async function start(
  env: Readonly<Record<string, string | undefined>>,
  { timeout, ...limits }: typeof CONNECTION_LIMITS = CONNECTION_LIMITS,
): Promise<RunningServer> {
  const settings = readSettings(env);
  const log = openLog(settings.logLevel, (line) => console.log(line), systemClock.nowMs);
  const stop = new AbortController();
  const stopping = stop.signal;
  const metrics = new Metrics(__APP_VERSION__, systemClock.monotonicMs);
  const [files, fleet] = await Promise.all([loadAppFiles(settings.appDir), Fleet.open(settings.fleetDir, log)]);
  const { relayKeysFile } = settings;
  const keys = relayKeysFile === undefined ? undefined : await loadRelayKeys(relayKeysFile);
  const tofupilot = await openTofuPilot(settings, fleet, log, metrics, stopping, keys);
  const { publicUrl } = settings;
  const { nowMs, monotonicMs } = systemClock;
  const leave = new AbortController();
  // While the sandbox is there, every browser without an enrolment is the same station.
  const shared = tofupilot.kind === 'sandbox' ? TRYOUT.station : undefined;
  const stations = new Stations({ nowMs, monotonicMs, shared });
  const parts = {
    files,
    fleet,
    tofupilot,
    publicUrl,
    log,
    metrics,
    stations,
    keys,
    peers: settings.peers,
    nowMs,
    monotonicMs,
  };
  const app = createApp({ ...parts, leaving: leave.signal });
  const server = createServer(limits, getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  server.timeout = timeout;
  await listen(server, settings);
  const { port } = server.address() as AddressInfo;
  const url = addressOf(settings.host, port);
  log.write('info', 'started', {
    version: __APP_VERSION__,
    port,
    host: settings.host,
    tofupilot: settings.tofupilotUrl ?? 'sandbox',
    fleet: settings.fleetDir,
  });
  log.say(`Fieldbench is ready: ${url}`);
  let closed: Promise<void> | undefined;
  return {
    url,
    close: () => {
      leave.abort();
      return (closed ??= closeServer(server, stop).then(() => log.write('info', 'stopped')));
    },
  };
}

async function openTofuPilot(
  settings: Settings,
  fleet: Fleet,
  log: Log,
  metrics: Metrics,
  stopping: AbortSignal,
  keys: RelayKeys | undefined,
): Promise<TofuPilot> {
  const { tofupilotUrl: base } = settings;
  const { nowMs, monotonicMs } = systemClock;
  if (base === undefined) {
    const sandbox = new Sandbox(fleet, nowMs);
    const wait = (delayMs: number) => systemClock.sleep(delayMs, stopping);
    return { kind: 'sandbox', sandbox, api: new SandboxApi(sandbox, wait) };
  }
  const tokens = new UploadTokens(nowMs);
  const ratePerS = async () => (await fleet.settings()).sync.relay_rate_per_s;
  return { kind: 'relay', relay: new Relay({ base, keys, tokens, log, metrics, monotonicMs, ratePerS, stopping }) };
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const said =
        cause.code === 'EADDRINUSE' ? `Port ${port} is taken` : `${host}:${port} cannot be used (${messageOf(cause)})`;
      reject(serverFault('address-taken', `${said}.`, 'Stop what uses it, or set PORT and HOST to another.', cause));
    });
    server.listen(port, host, resolve);
  });
}

/** New connections are refused at once; what waits on another server or a delay is let go after the grace. */
function closeServer(server: Server, stop: AbortController): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      stop.abort(new Error('The server is stopping.'));
      server.closeAllConnections();
    }, GRACE_MS);
    // A kept-alive connection is idle again once its answer is out; `close` alone would wait for the browser to end it.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      stop.abort(new Error('The server is stopping.'));
      resolve();
    });
  });
}

/** Chromium treats only `localhost` as secure without a certificate, so that is what people are shown. */
function addressOf(host: string, port: number): string {
  const local = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(host);
  return `http://${local ? 'localhost' : isIPv6(host) ? `[${host}]` : host}:${port}`;
}
