/**
 * The shipped relay in front of a desk, as it stands in front of TofuPilot: what a station's requests go through.
 *
 * Above it: delivery.ts, which gives it the requests of its own server. Knows nothing of runs.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '#base/clock.ts';
import { Metrics } from '#server/metrics.ts';
import { Relay } from '#server/relay/relay.ts';
import { UploadTokens } from '#server/relay/upload-token.ts';

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
  return async (request, response, origin) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await relay.forward(request, new URL(request.url ?? '/', origin), origin, gone.signal);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}
