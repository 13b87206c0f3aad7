/** A folder in memory that fails when told to, and a directory handle in memory, as a browser would give one. */
import type { CopyFolder } from '#sync/folder/folder-ports.ts';
import { folderFault, type FolderCode } from '#sync/folder/folder-fault.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export class MemoryFolder implements CopyFolder {
  readonly name = 'copies';
  readonly files = new Map<string, Bytes>();
  /** Every access fails with it. */
  broken: FolderCode | null = null;
  /** Called before each write. */
  onWrite: (name: string) => void = () => {};

  async names(): Promise<string[]> {
    this.#mayFail();
    return [...this.files.keys()];
  }

  async size(name: string): Promise<number> {
    return (await this.read(name)).length;
  }

  async read(name: string): Promise<Bytes> {
    this.#mayFail();
    const bytes = this.files.get(name);
    if (!bytes) throw folderFault('folder-missing', name);
    return bytes;
  }

  async write(name: string, bytes: Bytes): Promise<void> {
    this.#mayFail();
    this.onWrite(name);
    this.#mayFail();
    this.files.set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.#mayFail();
    this.files.delete(name);
  }

  #mayFail(): void {
    if (this.broken) throw folderFault(this.broken, this.broken);
  }
}

interface FakeFile {
  readonly kind: 'file';
  getFile(): Promise<{ size: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  createWritable(): Promise<{ write(bytes: Bytes): Promise<void>; close(): Promise<void>; abort(): Promise<void> }>;
  move?(name: string): Promise<void>;
}

export interface FakeDirectoryOptions {
  /** absent: the browser has no `move`. */
  readonly move?: 'works' | 'refused';
  readonly permission?: PermissionState;
  /** What a write ends with: an error's name, or `short` for bytes that never arrived. */
  readonly failure?: string;
}

/** What is asked of a FileSystemDirectoryHandle; bytes become a file's when its writable is closed. */
export function fakeDirectory(
  files: Map<string, Bytes>,
  options: FakeDirectoryOptions = {},
): FileSystemDirectoryHandle {
  const { move, permission = 'granted', failure } = options;
  const fileOf = (name: string): FakeFile => ({
    kind: 'file',
    getFile: async () => {
      const bytes = files.get(name) ?? new Uint8Array();
      return { size: bytes.length, arrayBuffer: async () => bytes.buffer };
    },
    createWritable: async () => {
      let written: Bytes = new Uint8Array();
      return {
        write: async (bytes) => {
          if (failure && failure !== 'short') throw new DOMException('It failed.', failure);
          written = failure === 'short' ? bytes.slice(1) : bytes;
        },
        close: async () => void files.set(name, written),
        abort: async () => {},
      };
    },
    ...(move
      ? {
          move: async (to: string) => {
            if (move === 'refused') throw new DOMException('Not on this disk.', 'NotSupportedError');
            files.set(to, files.get(name)!);
            files.delete(name);
          },
        }
      : {}),
  });
  return {
    kind: 'directory',
    name: 'copies',
    queryPermission: async () => permission,
    getFileHandle: async (name: string, { create = false } = {}) => {
      if (!create && !files.has(name)) throw new DOMException('No such file.', 'NotFoundError');
      if (!files.has(name)) files.set(name, new Uint8Array());
      return fileOf(name);
    },
    removeEntry: async (name: string) => {
      if (!files.delete(name)) throw new DOMException('No such file.', 'NotFoundError');
    },
    entries: async function* () {
      for (const name of files.keys()) yield [name, fileOf(name)];
      yield ['a folder inside', { kind: 'directory' }];
    },
  } as unknown as FileSystemDirectoryHandle;
}
