/**
 * Files at the strict stand-in: announced, uploaded within a minute, finalised, linked. It forgives nothing.
 *
 * Above it: strict-tofupilot.ts. Knows nothing of runs but that a file belongs to one of them.
 */
import { createHash, randomUUID } from 'node:crypto';

/** As long as an upload address lives (tofupilot-api, 7.1). */
const ADDRESS_LIFE_MS = 60_000;

export interface ArrivedFile {
  readonly id: string;
  readonly name: string;
  readonly untilMs: number;
  content?: { readonly sha256: string; readonly size: number; readonly type: string };
  isFinalized: boolean;
  run?: string;
}

export class StrictFiles {
  readonly files = new Map<string, ArrivedFile>();
  readonly #complain: (complaint: string) => void;

  constructor(complain: (complaint: string) => void) {
    this.#complain = complain;
  }

  announce(body: unknown): ArrivedFile | null {
    const { name } = (body ?? {}) as { name?: unknown };
    if (typeof name !== 'string' || name.length < 1 || name.length > 255 || !/\.\w+$/.test(name)) {
      this.#complain(`a file without a proper name: ${JSON.stringify(name)}`);
      return null;
    }
    const file: ArrivedFile = { id: randomUUID(), name, untilMs: Date.now() + ADDRESS_LIFE_MS, isFinalized: false };
    this.files.set(file.id, file);
    return file;
  }

  /** @returns the status of the storage */
  store(id: string, bytes: Buffer, headers: Readonly<Record<string, unknown>>): number {
    const file = this.files.get(id);
    if (!file || Date.now() >= file.untilMs) return 403;
    if (headers['authorization'] !== undefined) this.#complain('the station’s key was sent to the storage');
    if (headers['content-type'] === undefined) this.#complain('bytes without a content type');
    if (file.run !== undefined) this.#complain('bytes for a file that is linked already');
    file.content = {
      sha256: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      size: bytes.length,
      type: String(headers['content-type']),
    };
    return 200;
  }

  finalize(id: string): boolean {
    const file = this.files.get(id);
    if (!file?.content) return false;
    file.isFinalized = true;
    return true;
  }

  /** @returns the files; null when one of them does not exist */
  link(run: string, body: unknown): ArrivedFile[] | null {
    const { attachments, ...rest } = (body ?? {}) as { attachments?: unknown };
    if (!Array.isArray(attachments) || Object.keys(rest).length > 0) return null;
    const found = attachments.map((id) => this.files.get(String(id)));
    if (found.includes(undefined)) return null;
    for (const file of found as ArrivedFile[]) {
      if (!file.isFinalized) this.#complain(`${file.name} is linked and was not finalised`);
      if (file.run !== undefined) this.#complain(`${file.name} is linked twice`);
      file.run = run;
    }
    return found as ArrivedFile[];
  }
}
