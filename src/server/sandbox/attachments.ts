/**
 * Files on their way to the sandbox, in memory and bounded: announced, uploaded once within a minute, finalised.
 *
 * Knows nothing of runs (which keep the ids) and nothing of HTTP.
 */
import { randomUUID } from 'node:crypto';

export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** Set by finalising: before that TofuPilot knows neither. */
  size?: number;
  contentType?: string;
  content?: { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string };
}

/** As long as TofuPilot's upload address lives (tofupilot-api, 7.1). */
const ADDRESS_LIFETIME_MS = 60_000;
export const LONGEST_FILE_BYTES = 32 * 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;
const MOST_FILES = 10_000;

export class Attachments {
  readonly #files = new Map<string, Attachment>();
  readonly #addresses = new Map<string, { readonly file: Attachment; readonly untilMs: number }>();
  readonly #nowMs: () => number;
  #bytes = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @returns the attachment, and the secret part of its upload address */
  announce(name: string): { readonly file: Attachment; readonly token: string } {
    const file: Attachment = { id: randomUUID(), name };
    const token = randomUUID();
    this.#files.set(file.id, file);
    for (const [old, { untilMs }] of this.#addresses) if (untilMs <= this.#nowMs()) this.#addresses.delete(old);
    this.#addresses.set(token, { file, untilMs: this.#nowMs() + ADDRESS_LIFETIME_MS });
    if (this.#files.size > MOST_FILES) this.#dropOldest();
    return { file, token };
  }

  get(id: string): Attachment | undefined {
    return this.#files.get(id.toLowerCase());
  }

  /** @returns undefined when the address is unknown or too old */
  awaited(token: string): Attachment | undefined {
    const address = this.#addresses.get(token);
    return address && this.#nowMs() < address.untilMs ? address.file : undefined;
  }

  store(file: Attachment, bytes: Uint8Array<ArrayBuffer>, type: string): void {
    this.#bytes += bytes.length - (file.content?.bytes.length ?? 0);
    file.content = { bytes, type };
    for (const old of this.#files.values()) {
      if (this.#bytes <= MOST_BYTES) break;
      if (old !== file) this.#empty(old);
    }
  }

  clear(): void {
    this.#files.clear();
    this.#addresses.clear();
    this.#bytes = 0;
  }

  #empty(file: Attachment): void {
    this.#bytes -= file.content?.bytes.length ?? 0;
    delete file.content;
  }

  #dropOldest(): void {
    const oldest = this.#files.values().next().value;
    if (!oldest) return;
    this.#empty(oldest);
    this.#files.delete(oldest.id);
  }
}
