/**
 * Getting the fleet's manifest and releases, and believing none of it before its hash is right.
 *
 * Stands on `fetch`, handed in. What is kept, and when a release is used, is the door's decision.
 */
import { Fault } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import { DEFAULT_SETTINGS, type FleetManifest, type OfferedProcedure } from '#fleet/distribution/manifest.ts';

/** A plant network that answers at all answers within this; the line does not wait for it. */
const FETCH_LIMIT_MS = 10_000;

/** @throws {Fault} `fleet-unreachable`, `fleet-manifest` */
export async function fetchManifest(fetchFrom: typeof fetch, signal: AbortSignal): Promise<FleetManifest> {
  const response = await get(fetchFrom, '/fleet/manifest.json', signal);
  const manifest = (await response.json().catch(() => null)) as FleetManifest | null;
  if (manifest?.format !== 1 || !Array.isArray(manifest.procedures))
    throw new Fault('fleet-manifest', 'The server’s fleet manifest cannot be read.', 'Check FLEET_DIR on the server.');
  const { settings } = manifest;
  // Written by hand for a static host, it may say as little as a fleet.yaml.
  return {
    ...manifest,
    settings: { ...DEFAULT_SETTINGS, ...settings, sync: { ...DEFAULT_SETTINGS.sync, ...settings?.sync } },
  };
}

/**
 * Every file of a release as text, each checked against its hash.
 * @throws {Fault} `fleet-unreachable`, `release-damaged`
 */
export async function fetchRelease(
  fetchFrom: typeof fetch,
  offered: OfferedProcedure,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const file of offered.files.filter(({ path }) => /\.ya?ml$/.test(path))) {
    const address = `/fleet/procedures/${offered.folder}/${file.path}`;
    const name = `${offered.folder}/${file.path}`;
    const bytes = await fetchChecked(fetchFrom, address, name, file.sha256, signal);
    texts.set(file.path, new TextDecoder().decode(bytes));
  }
  return texts;
}

/**
 * One file, with the content that the manifest names.
 * @throws {Fault} `fleet-unreachable`, `release-damaged`
 */
export async function fetchChecked(
  fetchFrom: typeof fetch,
  address: string,
  name: string,
  hash: string,
  signal: AbortSignal,
  limitMs = FETCH_LIMIT_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await get(fetchFrom, address, signal, limitMs);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if ((await sha256(bytes)).slice('sha256:'.length) === hash.replace(/^sha256:/, '')) return bytes;
  throw new Fault(
    'release-damaged',
    `${name} arrived with other content than the manifest names.`,
    'It is fetched again by itself; if this stays, look at the server’s files.',
  );
}

async function get(
  fetchFrom: typeof fetch,
  address: string,
  signal: AbortSignal,
  limitMs = FETCH_LIMIT_MS,
): Promise<Response> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const response = await fetchFrom(address, { signal: limit, cache: 'no-cache' }).catch((cause: unknown) => {
    throw new Fault('fleet-unreachable', `${address} cannot be reached.`, 'The station goes on with what it has.', {
      cause,
    });
  });
  if (response.ok) return response;
  throw new Fault(
    'fleet-unreachable',
    `${address} answered ${response.status}.`,
    'The station goes on with what it has.',
  );
}
