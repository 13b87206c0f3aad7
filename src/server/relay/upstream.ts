/**
 * One request to another server, streamed both ways, exactly as given: no redirect followed, nothing decoded.
 *
 * node:http rather than `fetch`, which decodes bodies and adds headers of its own. Knows nothing of who may be asked:
 * relay.ts decides that.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Transform, type Readable } from 'node:stream';

export interface Asked {
  readonly address: URL;
  readonly method: string;
  readonly headers: Record<string, string | string[]>;
  /** undefined: the request has no body. */
  readonly body: Readable | undefined;
  /** A longer body ends the request with `too-long`; undefined: any length. */
  readonly bodyLimitBytes?: number;
  /** Ends the request when nothing moved for so long; the caller's signal ends it in any case. */
  readonly idleMs?: number;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

export class TooLong extends Error {}
export class Idle extends Error {}

/**
 * Below the 5 s after which Node and many proxies close an idle connection: a POST on a connection that is just being
 * closed has an unknown outcome, and the station would have to wait and look it up.
 */
const KEEP_IDLE_MS = 4_000;

export class Upstream {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: KEEP_IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: KEEP_IDLE_MS });

  /** @throws {TooLong | Idle | Error} whatever kept an answer from coming */
  ask({ address, method, headers, body, bodyLimitBytes, idleMs, signal }: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const secure = address.protocol === 'https:';
      const options = { method, headers, signal, agent: secure ? this.#https : this.#http };
      const request = (secure ? httpsRequest : httpRequest)(address, options);
      request.on('response', (answer) =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer }),
      );
      request.on('error', reject);
      if (idleMs !== undefined) request.setTimeout(idleMs, () => request.destroy(new Idle('Nothing moved.')));
      if (!body) return request.end();
      // Not `pipeline`: on failure it destroys the body's socket, on which the browser waits for our answer.
      const counted = limited(bodyLimitBytes ?? Infinity);
      const fail = (error: Error) => {
        body.unpipe(counted);
        reject(error);
        request.destroy();
      };
      counted.on('error', fail);
      body.on('error', fail);
      request.on('close', () => body.unpipe(counted));
      body.pipe(counted).pipe(request);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function limited(limitBytes: number): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      length += chunk.length;
      if (length > limitBytes) done(new TooLong(`The body is longer than ${limitBytes} bytes.`));
      else done(null, chunk);
    },
  });
}
