/**
 * The shipped relay in front of a desk, as it stands in front of TofuPilot: what a station's requests go through.
 *
 * Above it: delivery.ts, which gives it the requests of its own server. Knows nothing of runs.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '#base/clock.ts';
import { apiError } from '#server/api-error.ts';
import { Metrics } from '#server/metrics.ts';
import { Relay } from '#server/relay/relay.ts';
import { Repeats } from '#server/relay/repeats.ts';
import { UploadTokens } from '#server/relay/upload-token.ts';
import { SERVER_HEADER } from '#sync/tofupilot/attempt.ts';

/** As the server has it. */
const REACH_PATH = '/tofupilot/reach';

export type Relaying = (request: IncomingMessage, response: ServerResponse, origin: string) => Promise<void>;

/** @param base the desk's, as `TOFUPILOT_URL` */
export function relayTo(base: string): Relaying {
  const relay = new Relay({
    base,
    keys: undefined,
    tokens: new UploadTokens(systemClock.nowMs),
    log: { write: () => {}, say: () => {} },
    metrics: new Metrics('bench', systemClock.monotonicMs),
    stopping: new AbortController().signal,
    ratePerS: () => Promise.resolve(0),
    monotonicMs: systemClock.monotonicMs,
  });
  const repeats = new Repeats();
  return async (request, response, origin) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const requested = new URL(request.url ?? '/', origin);
    const answer = repeats.refuses(new Headers(request.headers as Record<string, string>))
      ? apiError('TOO_EARLY', 'This attempt was taken before.')
      : requested.pathname === REACH_PATH
        ? await relay.reach()
        : await relay.forward(request, requested, origin, gone.signal);
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), [SERVER_HEADER]: repeats.server });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}
