/**
 * Every file of a fleet's folder that belongs to its configuration, read through two doors of whoever has the disk.
 *
 * Above: the server, the command line. Knows nothing of what is in them.
 */
import { CONFIG_FOLDER, FLEET_FILE } from '#fleet/config/tiers.ts';
import type { TierTexts } from '#fleet/config/station-tiers.ts';

export interface FolderReader {
  /** Every file below a folder, with `/`; none where there is no such folder. */
  readonly files: (folder: string) => Promise<readonly string[]>;
  /** null where there is no such file. */
  readonly text: (path: string) => Promise<string | null>;
}

const YAML = /\.ya?ml$/;

export async function readTierTexts({ files, text }: FolderReader): Promise<TierTexts> {
  const below = (await files(CONFIG_FOLDER)).filter((path) => YAML.test(path) && !path.split('/').some(isHidden));
  const texts = new Map<string, string>();
  for (const path of [FLEET_FILE, ...below.map((one) => `${CONFIG_FOLDER}/${one}`).toSorted()]) {
    const found = await text(path);
    if (found !== null) texts.set(path, found);
  }
  return texts;
}

function isHidden(part: string): boolean {
  return part.startsWith('.');
}
