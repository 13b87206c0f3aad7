/** A folder as it stands in the editor, as the bundle that `fieldbench pack` makes of it. Above: main.ts. */
import type { EditedFolder, EditingCommands, PackedFile } from '#engine/link/editing-link.ts';
import { bundleName, packContent } from '#fleet/distribution/pack-content.ts';
import { bundleOf, writeBundle } from '#fleet/distribution/signed/bundle.ts';
import type { Procedure } from '#procedure/procedure.ts';
import type { CompileScript } from './check-folder.ts';

/** @throws {Fault} `refused` */
export async function packFolder(
  { name, file, texts }: EditedFolder,
  others: Parameters<EditingCommands['pack']>[1],
  procedure: Procedure,
  compile: CompileScript,
): Promise<PackedFile> {
  const encoder = new TextEncoder();
  const files = new Map([...others, ...texts.map(([path, text]) => [path, encoder.encode(text)] as const)]);
  const read = async (path: string) => files.get(path) ?? null;
  const content = await packContent({ name, file, read, compile }, procedure);
  const bundle = await bundleOf(content);
  return { name: bundleName(content.title), bytes: await writeBundle(bundle), release: bundle.release };
}
