/**
 * A folder that a person picked, through File System Access: the shape of `CopyFolder`.
 *
 * In a worker or in a page; only a page may ask for permission. Knows nothing of runs.
 */
import { asFolderFault, folderFault } from '#sync/folder/folder-fault.ts';
import { PART } from '#sync/folder/copy-name.ts';
import type { CopyFolder } from '#sync/folder/folder-ports.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

/** Not in the DOM library yet. */
interface Permissions {
  queryPermission?(descriptor: { mode: 'read' | 'readwrite' }): Promise<PermissionState>;
}
interface Movable {
  move?(name: string): Promise<void>;
}

export class PickedFolder implements CopyFolder {
  readonly #handle: FileSystemDirectoryHandle;
  /** Chromium moves within its own private files, not on every disk. */
  #canMove = true;

  constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  get name(): string {
    return this.#handle.name;
  }

  /** @throws {Fault} `folder-permission`, `folder-failed` */
  async demandPermission(): Promise<void> {
    const state = await this.#guarded(
      async () => (this.#handle as Permissions).queryPermission?.({ mode: 'readwrite' }) ?? 'granted',
    );
    if (state !== 'granted')
      throw folderFault('folder-permission', `The browser wants to be asked again about the folder “${this.name}”.`);
  }

  names(): Promise<string[]> {
    return this.#guarded(async () => {
      const names: string[] = [];
      for await (const [name, { kind }] of this.#handle.entries()) if (kind === 'file') names.push(name);
      return names;
    });
  }

  size(name: string): Promise<number> {
    return this.#guarded(async () => (await this.#file(name)).size);
  }

  read(name: string): Promise<Bytes> {
    return this.#guarded(async () => new Uint8Array(await (await this.#file(name)).arrayBuffer()));
  }

  write(name: string, bytes: Bytes): Promise<void> {
    return this.#guarded(async () => {
      const part = name + PART;
      const handle = await this.#put(part, bytes);
      if (this.#canMove && (await this.#moved(handle, name))) return;
      this.#canMove = false;
      // The browser itself writes beside the file and puts it in place when it is closed.
      await this.#put(name, bytes);
      await this.#handle.removeEntry(part);
    });
  }

  remove(name: string): Promise<void> {
    return this.#guarded(() => this.#handle.removeEntry(name).catch(ifGone));
  }

  async #file(name: string): Promise<File> {
    return (await this.#handle.getFileHandle(name)).getFile();
  }

  async #put(name: string, bytes: Bytes): Promise<FileSystemFileHandle> {
    const handle = await this.#handle.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    try {
      await writable.write(bytes);
      await writable.close();
    } catch (thrown) {
      await writable.abort().catch(() => undefined);
      throw thrown;
    }
    const { size } = await handle.getFile();
    if (size !== bytes.length)
      throw folderFault('folder-failed', `Of ${bytes.length} bytes ${size} arrived in the folder “${this.name}”.`);
    return handle;
  }

  async #moved(handle: FileSystemFileHandle, name: string): Promise<boolean> {
    const { move } = handle as Movable;
    if (!move) return false;
    return move.call(handle, name).then(
      () => true,
      () => false,
    );
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw asFolderFault(thrown, this.name);
    }
  }
}

function ifGone(thrown: unknown): void {
  if (!(thrown instanceof DOMException && thrown.name === 'NotFoundError')) throw thrown;
}
