/**
 * One content by its hash from where releases are published; nothing else than that content ever comes out.
 *
 * Stands on `fetch`, handed in. Knows nothing of what the content is.
 */
import { Fault } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import { addressOf } from '#fleet/distribution/signed/addresses.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Wanted {
  readonly sha256: string;
  readonly size: number;
  /** For people. */
  readonly name: string;
}

/** A plant network that answers at all begins to within this. */
const LEAST_LIMIT_MS = 10_000;
/** 1 Mbit/s, as slow as a line may be: in bytes a millisecond. */
const SLOWEST = 125;

/**
 * Past the browser's own cache: what arrived damaged once would stay so for a year.
 * @throws {Fault} `fleet-unreachable`, `release-missing`, `release-cut`, `release-damaged`
 */
export async function fetchContent(fetchFrom: typeof fetch, wanted: Wanted, signal: AbortSignal): Promise<Bytes> {
  const { sha256: hash, size, name } = wanted;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LEAST_LIMIT_MS + Math.ceil(size / SLOWEST))]);
  const response = await fetchFrom(addressOf(hash), { signal: limit, cache: 'no-store' }).catch((cause: unknown) => {
    throw new Fault('fleet-unreachable', `${name} cannot be fetched.`, 'The station goes on with what it has.', {
      cause,
    });
  });
  if (!response.ok) throw releaseFault('release-missing', `For ${name} the server answered ${response.status}.`);
  const bytes = await readAtMost(response, size + 1).catch((cause: unknown) => {
    throw releaseFault('release-cut', `The download of ${name} broke off.`, cause);
  });
  if (bytes.length < size)
    throw releaseFault('release-cut', `Of ${name} only ${bytes.length} of ${size} bytes arrived.`);
  if (bytes.length === size && (await sha256(bytes)) === hash) return bytes;
  throw releaseFault('release-damaged', `${name} arrived with other content than was signed.`);
}

/** No more than that is kept in memory, whatever a server sends. */
async function readAtMost(response: Response, most: number): Promise<Bytes> {
  const reader = response.body?.getReader();
  const bytes = new Uint8Array(most);
  let length = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return bytes.slice(0, length);
    const taken = part.value.subarray(0, most - length);
    bytes.set(taken, length);
    length += taken.length;
    if (length < most) continue;
    void reader?.cancel().catch(() => undefined);
    return bytes;
  }
}
