/**
 * Upload addresses of the storage, sealed so that only this process can have made them.
 *
 * Base64url of address and expiry, a dot, and an HMAC-SHA-256 of the former. The key is random and lives as long as
 * the process: after a restart the station asks for a new address. Knows nothing of HTTP.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** As long as the upload address itself lives (tofupilot-api, 7.1). */
const LIFETIME_MS = 60_000;

export class UploadTokens {
  readonly #key = randomBytes(32);
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  seal(address: string): string {
    const content = Buffer.from(JSON.stringify({ address, until: this.#nowMs() + LIFETIME_MS })).toString('base64url');
    return `${content}.${this.#sign(content).toString('base64url')}`;
  }

  /** @returns undefined when the token is forged, damaged or too old */
  open(token: string): URL | undefined {
    const [content = '', signature = '', ...rest] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = this.#sign(content);
    if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const { address, until } = JSON.parse(Buffer.from(content, 'base64url').toString()) as {
      address: string;
      until: number;
    };
    return this.#nowMs() < until ? new URL(address) : undefined;
  }

  #sign(content: string): Buffer {
    return createHmac('sha256', this.#key).update(content).digest();
  }
}
