/**
 * Taking signed releases from the server: keys, then the index, then what it wants here, then what may be gone back to.
 *
 * Loaded only where there are releases. What fails is refused by its name and tried again later, ever more seldom, so
 * that a fleet does not fetch one bad film every quarter of a minute. Above: releases.ts. Below: #fleet/distribution/signed.
 */
import { Fault, messageOf } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import type { ParameterValues } from '#fleet/config/effective.ts';
import { INDEX_FILE, KEYS_FILE, RELEASES } from '#fleet/distribution/signed/addresses.ts';
import { fetchPublished, fullOr } from '#fleet/distribution/signed/fetch-published.ts';
import { followIndex, type PublishedProcedure, readIndex } from '#fleet/distribution/signed/release-index.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import { releaseStatement } from '#fleet/distribution/signed/release-manifest.ts';
import { demandSignature, followKeys, readKeyLists } from '#fleet/distribution/signed/trusted-keys.ts';
import { titleOf, wantedRelease } from '#fleet/distribution/signed/wanted-release.ts';
import type { PublishedPointer } from '#fleet/distribution/manifest.ts';
import type { Store } from '#storage/store/store.ts';
import { parseRelease, type Parsed } from './parse-release.ts';
import { type Book, isRevoked, keepable, type KeptEntry, type Scene, timeOf, withEntry } from './release-book.ts';
import type { ReleaseDisk } from './release-disk.ts';

export interface TakingOptions {
  readonly store: Pick<Store, 'saveRelease'>;
  readonly disk: ReleaseDisk;
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
  /** Values that the configuration gives to a procedure's parameters; absent: it gives none. */
  readonly parametersOf?: (folder: string) => ParameterValues;
}

/** What releases.ts keeps, as far as it is needed here. */
interface Keeper {
  readonly book: Book;
  readonly scene: Scene;
  readonly kept: readonly KeptEntry[];
  isWhole(release: string): boolean;
  write(book: Book): Promise<void>;
  arrived(release: string): void;
  refuse(what: string, thrown: unknown): void;
  keepRefusals(of: readonly string[]): void;
}

/** A plant network that answers at all answers within this. */
const DOCUMENT_LIMIT_MS = 10_000;
/** A look comes every 15 s; what failed is tried again after one, two, four … minutes, and every 16 at least. */
const [FIRST_REST_MS, LONGEST_REST_MS] = [60_000, 16 * 60_000];
const KEYS = 'the list of keys';
const INDEX = 'the index of releases';

interface Failed {
  readonly count: number;
  readonly nextMs: number;
}

export class ReleaseTaking {
  readonly #options: TakingOptions;
  /** By file: the hash of what was looked at last, believed or not. */
  readonly #seen = new Map<string, string>();
  /** By release. */
  readonly #failed = new Map<string, Failed>();

  constructor(options: TakingOptions) {
    this.#options = options;
  }

  /** @throws {Fault} `fleet-unreachable` */
  async take(releases: Keeper, pointer: PublishedPointer, signal: AbortSignal): Promise<void> {
    await this.#look(releases, KEYS, KEYS_FILE, pointer, signal, (text) => this.#takeKeys(releases, text));
    await this.#look(releases, INDEX, INDEX_FILE, pointer, signal, (text) => this.#takeIndex(releases, text));
    const { index } = releases.book;
    if (!index || !releases.book.keys) return;
    releases.keepRefusals([KEYS, INDEX, ...index.procedures.map(({ procedure }) => procedure)]);
    await this.#believeAnew(releases);
    const before = releases.book;
    for (const one of index.procedures) {
      const { release } = wantedRelease(one, releases.scene);
      await this.#fetch(releases, one, release, signal, (thrown) => releases.refuse(one.procedure, thrown));
      // A rollout begins here only where there is a way back from it.
      if (one.rollout && release !== one.current) await this.#fetch(releases, one, one.current, signal, () => {});
    }
    // A line that waits for its release waits for nothing else.
    if (before === releases.book) for (const one of index.procedures) await this.#fetchOlder(releases, one, signal);
  }

  async #look(
    releases: Keeper,
    what: string,
    file: string,
    pointer: PublishedPointer,
    signal: AbortSignal,
    take: (text: string) => Promise<void>,
  ): Promise<void> {
    const told = pointer === true ? undefined : file === KEYS_FILE ? pointer.keys : pointer.index;
    if (told === '' || (told !== undefined && told === this.#seen.get(file))) return;
    const text = await this.#document(file, signal);
    const seen = await sha256(new TextEncoder().encode(text));
    if (seen === this.#seen.get(file)) return;
    this.#seen.set(file, seen);
    try {
      await take(text);
      releases.refuse(what, undefined);
    } catch (thrown) {
      releases.refuse(what, thrown);
      // A key that does not count yet will, without any change of the file.
      if (thrown instanceof Fault && thrown.code === 'release-key-early') this.#seen.delete(file);
    }
  }

  async #document(file: string, signal: AbortSignal): Promise<string> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(DOCUMENT_LIMIT_MS)]);
    const address = `/fleet/${RELEASES}/${file}`;
    try {
      const response = await this.#options.fetch(address, { signal: limit, cache: 'no-cache' });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      return await response.text();
    } catch (cause) {
      const message = `${address} cannot be fetched: ${messageOf(cause)}.`;
      throw new Fault('fleet-unreachable', message, 'The station goes on with what it has.', { cause });
    }
  }

  async #takeKeys(releases: Keeper, text: string): Promise<void> {
    const keys = followKeys(releases.book.keys, await readKeyLists(text));
    await releases.write({ ...releases.book, keys });
    // Whatever was refused for its key may count now.
    this.#seen.delete(INDEX_FILE);
    this.#failed.clear();
  }

  async #takeIndex(releases: Keeper, text: string): Promise<void> {
    const { keys } = releases.book;
    if (!keys) throw releaseFault('release-keys', 'This station knows no key that an index could be signed by.');
    const index = await followIndex(releases.book.index, readIndex(text), keys, this.#options.nowMs());
    await releases.write({ ...releases.book, index });
    this.#failed.clear();
  }

  /** What is kept and was signed by a key that is revoked now may have been signed by another one since. */
  async #believeAnew(releases: Keeper): Promise<void> {
    for (const entry of releases.kept.filter((one) => isRevoked(releases.book, one))) {
      const { folder, release } = entry.offered;
      const one = releases.book.index?.procedures.find(({ procedure }) => procedure === folder);
      const made = one?.releases.find((other) => other.release === release)?.signatures ?? [];
      const statementOf = (key: string) => releaseStatement(entry.offered, release, key);
      const { keys } = releases.book;
      const key = await demandSignature(statementOf, made, keys!, this.#options.nowMs(), release).catch(() => null);
      if (key)
        await releases.write(
          withEntry(releases.book, { ...entry, key: { id: key.id, name: key.name } }, releases.scene),
        );
    }
  }

  async #fetch(
    releases: Keeper,
    one: PublishedProcedure,
    release: string,
    signal: AbortSignal,
    told: (thrown: unknown) => void,
  ): Promise<void> {
    const { nowMs } = this.#options;
    if (releases.isWhole(release)) return told(undefined);
    const failed = this.#failed.get(release);
    if (failed && nowMs() < failed.nextMs) return;
    try {
      await this.#save(releases, one, release, signal);
      this.#failed.delete(release);
      told(undefined);
    } catch (thrown) {
      // A network that is away is nothing to be told, and asked again with the next look.
      if (thrown instanceof Fault && thrown.code === 'fleet-unreachable') throw thrown;
      const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failed?.count ?? 0));
      this.#failed.set(release, { count: (failed?.count ?? 0) + 1, nextMs: nowMs() + restMs });
      told(thrown);
    }
  }

  async #save(releases: Keeper, one: PublishedProcedure, release: string, signal: AbortSignal): Promise<void> {
    const { fetch, disk, store, nowMs } = this.#options;
    const published = one.releases.find((other) => other.release === release)!;
    const source = { fetch, shelf: disk.shelf, keys: releases.book.keys!, nowMs: nowMs(), hasRoom: disk.hasRoom };
    const { offered, texts, scripts, signedBy } = await fetchPublished(one, published, source, signal);
    const row = await parseRelease(offered, texts, scripts, this.#options.parametersOf?.(offered.folder));
    const { procedure, problems } = row.procedure as Parsed;
    const problem = problems.find(({ severity }) => severity === 'error');
    if (!procedure)
      throw releaseFault(
        'release-unusable',
        `${titleOf(offered)} cannot be read here: ${problem?.file}, line ${problem?.line}: ${problem?.message}.`,
      );
    const [obstacle] = procedure.obstacles;
    if (obstacle) throw releaseFault('release-unusable', `${titleOf(offered)} cannot run here: ${obstacle.message}.`);
    await store.saveRelease(row).catch((cause: unknown) => {
      throw fullOr(cause, `There is no room on this computer for ${titleOf(offered)}.`);
    });
    const entry = { offered, number: published.number, key: signedBy, arrived_at: timeOf(nowMs()) };
    await releases.write(withEntry(releases.book, entry, releases.scene));
    releases.arrived(release);
  }

  /** Quietly: nobody has asked for them. */
  async #fetchOlder(releases: Keeper, one: PublishedProcedure, signal: AbortSignal): Promise<void> {
    // Without what the fleet wants there is nothing to go back from.
    if (!releases.book.procedures[one.procedure]) return;
    const listed = new Set(one.releases.map(({ release }) => release));
    for (const release of keepable(releases.book, one, releases.scene))
      if (listed.has(release)) await this.#fetch(releases, one, release, signal, () => {});
  }
}
