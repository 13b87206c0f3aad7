/** A folder in memory that speaks File System Access as far as the workshop does: atomic writes, sizes and times. */
interface Kept {
  bytes: Uint8Array<ArrayBuffer>;
  modifiedMs: number;
}

let tick = 1_000;

export class FakeFile {
  readonly kind = 'file';
  readonly name: string;
  #kept: Kept = { bytes: new Uint8Array(), modifiedMs: 0 };
  /** The disk is full: nothing that is closed arrives. */
  isFull = false;

  constructor(name: string) {
    this.name = name;
  }

  put(content: string | Uint8Array<ArrayBuffer>): this {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.#kept = { bytes, modifiedMs: (tick += 1) };
    return this;
  }

  get text(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#kept.bytes);
  }

  async getFile(): Promise<File> {
    return new File([this.#kept.bytes], this.name, { lastModified: this.#kept.modifiedMs });
  }

  async createWritable() {
    let content = '';
    return {
      write: async (text: string) => void (content += text),
      close: async () => {
        if (this.isFull) throw new DOMException('The disk is full.', 'QuotaExceededError');
        this.put(content);
      },
      abort: async () => {},
    };
  }
}

export class FakeFolder {
  readonly kind = 'directory';
  readonly name: string;
  readonly #entries = new Map<string, FakeFile | FakeFolder>();

  constructor(name: string, files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {}) {
    this.name = name;
    for (const [path, content] of Object.entries(files)) {
      const parts = path.split('/');
      const last = parts.pop()!;
      this.#deep(parts).#entries.set(last, new FakeFile(last).put(content));
    }
  }

  /** As the workshop takes it. */
  get handle(): FileSystemDirectoryHandle {
    return this as unknown as FileSystemDirectoryHandle;
  }

  file(name: string): FakeFile {
    return this.#entries.get(name) as FakeFile;
  }

  async *entries() {
    yield* this.#entries;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FakeFile> {
    const there = this.#entries.get(name);
    if (there instanceof FakeFile) return there;
    if (!create) throw new DOMException('It is not there.', 'NotFoundError');
    const made = new FakeFile(name);
    this.#entries.set(name, made);
    return made;
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeFolder> {
    if (!this.#entries.has(name) && !create) throw new DOMException('It is not there.', 'NotFoundError');
    return this.#folder(name);
  }

  #deep([first, ...others]: readonly string[]): FakeFolder {
    return first === undefined ? this : this.#folder(first).#deep(others);
  }

  #folder(name: string): FakeFolder {
    const there = this.#entries.get(name);
    if (there instanceof FakeFolder) return there;
    const made = new FakeFolder(name);
    this.#entries.set(name, made);
    return made;
  }
}

/** The page's name for what a folder holds: node has none. */
export function standInForDirectories(): void {
  Object.assign(globalThis, { FileSystemDirectoryHandle: FakeFolder });
}
