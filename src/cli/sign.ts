/**
 * `fieldbench keygen` and `fieldbench sign`: a pair of keys, and a bundle that says whose it is.
 *
 * A bundle can be signed by several keys, each on its own machine; its release stays the same. Above: release-commands.ts.
 */
import { readFile } from 'node:fs/promises';
import { type Bundle, readBundle, withSignature, writeBundle } from '#fleet/distribution/signed/bundle.ts';
import { releaseStatement } from '#fleet/distribution/signed/release-manifest.ts';
import { signStatement } from '#fleet/distribution/signed/signature.ts';
import { titleOf } from '#fleet/distribution/signed/wanted-release.ts';
import { makeKeyFiles, PUBLIC_ENDING, readSigner } from './key-file.ts';
import { unreadable } from './release-fault.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './write-file.ts';

/** @throws {Fault} `cannot-write` */
export async function keygen(file: string, terminal: Terminal): Promise<number> {
  const { id } = await makeKeyFiles(file);
  terminal.out(
    [
      `Key ${id}`,
      `${file}: the private key. Whoever has it can release to every station: keep it out of repositories.`,
      `${file}${PUBLIC_ENDING}: the public key, for fieldbench keys FOLDER --add`,
    ].join('\n'),
  );
  return 0;
}

/** @throws {Fault} `unreadable`, `release-unreadable`, `release-damaged`, `cannot-write` */
export async function signBundle(file: string, keyFile: string, terminal: Terminal): Promise<number> {
  const signer = await readSigner(keyFile);
  const bundle = await bundleIn(file);
  const { release, manifest } = bundle;
  const signature = await signStatement(releaseStatement(manifest, release, signer.id), signer);
  await writeWhole(file, await writeBundle(withSignature(bundle, signature)));
  terminal.out(`Key ${signer.id} has signed ${titleOf(manifest)}, release ${release}`);
  return 0;
}

/** @throws {Fault} `unreadable`, `release-unreadable`, `release-damaged` */
export async function bundleIn(file: string): Promise<Bundle> {
  const bytes = await readFile(file).catch((thrown: unknown) => {
    throw unreadable(file, thrown);
  });
  return readBundle(new Uint8Array(bytes));
}
