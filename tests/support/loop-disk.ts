/**
 * A disk whose power can be cut: an ext4 file system on a loop device, copied at any moment as the platter would be
 * found, checked and mounted again.
 *
 * What the kernel had not written to the device yet is not in the copy, exactly as after a power cut; what was synced
 * is. Needs root, loop devices and e2fsprogs. Above it: the storage tests. Knows nothing of browsers.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, constants, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A profile takes 40 MB, its ballast 8; the rest is air. */
const SIZE_BYTES = 256 * 2 ** 20;
/** fsck: 0 nothing wrong, 1 the journal was replayed and something corrected. */
const FSCK_MENDED = 1;

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

export class LoopDisk {
  /** Where it is mounted. */
  readonly folder: string;
  readonly #image: string;
  readonly #device: string;
  #mounted = true;

  private constructor(image: string, folder: string) {
    this.#image = image;
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.#device = run('losetup', '-f', '--show', image);
    try {
      run('mount', this.#device, folder);
    } catch (thrown) {
      run('losetup', '-d', this.#device);
      throw thrown;
    }
  }

  static make(image: string, folder: string): LoopDisk {
    writeFileSync(image, '');
    truncateSync(image, SIZE_BYTES);
    run('mkfs.ext4', '-q', '-F', image);
    return new LoopDisk(image, folder);
  }

  /** The disk as it would be found if the power went now. Whoever writes to it must stand still meanwhile. */
  copy(image: string): void {
    copyFileSync(this.#image, image, constants.COPYFILE_FICLONE);
  }

  /** Mounts a copy, after the check that a start of the machine would make. */
  static found(image: string, folder: string): LoopDisk {
    const { status, stdout } = spawnSync('fsck.ext4', ['-p', image], { encoding: 'utf8' });
    if (status === null || status > FSCK_MENDED) throw new Error(`fsck.ext4 ended with ${status}: ${stdout}`);
    return new LoopDisk(image, folder);
  }

  remove(): void {
    if (!this.#mounted) return;
    this.#mounted = false;
    run('umount', '-l', this.folder);
    run('losetup', '-d', this.#device);
    rmSync(this.#image, { force: true });
  }
}

/** Why no disk can be made here; empty when one can. */
export function noLoopDisk(): string {
  if (process.platform !== 'linux') return 'a loop device works on Linux only';
  if (process.getuid?.() !== 0) return 'a loop device needs root';
  const folder = mkdtempSync(join(tmpdir(), 'fieldbench-loop-'));
  try {
    LoopDisk.make(join(folder, 'image'), join(folder, 'disk')).remove();
    return '';
  } catch (thrown) {
    return `no loop device can be made or mounted here: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
