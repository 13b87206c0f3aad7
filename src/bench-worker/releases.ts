/**
 * Signed releases at this station: taken when they are believed, kept for going back, used as the fleet or a person wants.
 *
 * Whatever is not believed changes nothing and is told once; the station goes on with what it has, with or without a
 * network. Above: procedures.ts. Below: release-book.ts (what is known), release-taking.ts (getting it). When another
 * release is really used is decided between runs, by station.ts.
 */
import { Fault, messageOf } from '#base/fault.ts';
import type { RefusedRelease } from '#engine/link/release-link.ts';
import type { OfferedProcedure, PublishedPointer } from '#fleet/distribution/manifest.ts';
import { type Halt, HALT_REASONS, sharesOf } from '#fleet/distribution/signed/rollout.ts';
import { wantedRelease } from '#fleet/distribution/signed/wanted-release.ts';
import type { Store } from '#storage/store/store.ts';
import { hasAllScripts } from './parse-release.ts';
import {
  type Book,
  EMPTY_BOOK,
  halted,
  isRevoked,
  type KeptEntry,
  type KeptHalt,
  publishedAs,
  type Scene,
  settled,
  usedEntry,
  using,
} from './release-book.ts';
import type { ReleaseTaking, TakingOptions } from './release-taking.ts';
import { haltNotice, heldNotice, refusalNotices, releasesView, revokedNotice } from './release-words.ts';
import type { View } from './view.ts';

export interface ReleasesOptions extends TakingOptions {
  readonly store: Pick<Store, 'get' | 'set' | 'release' | 'saveRelease'>;
  readonly view: Pick<View, 'change' | 'notice' | 'dismiss'>;
}

const BOOK = 'releases';

export class Releases {
  readonly #options: ReleasesOptions;
  #book: Book = EMPTY_BOOK;
  #station = '';
  #shares: ReadonlyMap<string, number> = new Map();
  #taking: ReleaseTaking | undefined;
  /** By what was refused. */
  #refused = new Map<string, RefusedRelease>();
  /** Kept ones of which a file has gone from this machine. */
  readonly #broken = new Set<string>();
  #shown = '';
  /** By code: what was told last. What a person has dismissed comes back only when it has changed. */
  readonly #told = new Map<string, string>();

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { store } = this.#options;
    this.#book = (await store.get<Book>(BOOK)) ?? EMPTY_BOOK;
    for (const entry of this.kept) {
      const row = await store.release(entry.offered.release);
      if (!row || !hasAllScripts(row, entry.offered)) this.#broken.add(entry.offered.release);
    }
    await this.settle();
  }

  /** As the index and the time want it, wherever nothing is held. @returns true when something changed */
  async settle(): Promise<boolean> {
    const before = this.#book;
    this.#station = (await this.#options.store.get<string>('station')) ?? '';
    this.#shares = await sharesOf(before.index, this.#station);
    await this.write(settled(halted(before, []), this.scene));
    this.#show();
    return before !== this.#book;
  }

  /** Those in use. */
  get offers(): readonly OfferedProcedure[] {
    return Object.values(this.#book.procedures).map((mine) => usedEntry(mine).offered);
  }

  get kept(): readonly KeptEntry[] {
    return Object.values(this.#book.procedures).flatMap(({ kept }) => kept);
  }

  /** The fleet's keys say so, which nobody can change who has none of them. */
  get isSignedOnly(): boolean {
    return this.#book.keys?.signed_only === true;
  }

  get book(): Book {
    return this.#book;
  }

  get scene(): Scene {
    const { halts = [] } = this.#book;
    return { station: this.#station, nowMs: this.#options.nowMs(), shares: this.#shares, halts };
  }

  /** A file of it was found missing: it is fetched again. */
  markBroken(release: string): void {
    this.#broken.add(release);
  }

  isWhole(release: string): boolean {
    return !this.#broken.has(release) && this.kept.some(({ offered }) => offered.release === release);
  }

  /**
   * Takes what the server has, as far as it is believed.
   * @param pointer absent: the server has no releases, which changes nothing here
   * @returns true when something changed; a network that goes away in the middle is nothing to be told
   */
  async take(pointer: PublishedPointer | undefined, signal: AbortSignal): Promise<boolean> {
    const before = this.#book;
    try {
      if (pointer) {
        // Checking signatures and forms is loaded where there are any: a start without them needs none of it.
        const { ReleaseTaking } = await import('./release-taking.ts');
        this.#taking ??= new ReleaseTaking(this.#options);
        await this.#taking.take(this, pointer, signal);
      }
    } catch (thrown) {
      if (!(thrown instanceof Fault && thrown.code === 'fleet-unreachable')) throw thrown;
    }
    await this.settle();
    return before !== this.#book;
  }

  /** A server says that a rollout went wrong. @returns true when something changed */
  async heed(halts: readonly Halt[]): Promise<boolean> {
    const at = new Date(this.#options.nowMs()).toISOString();
    return this.#halt(halts.filter(isHalt).map((halt) => ({ ...halt, by: 'fleet', at })));
  }

  /** This station has seen enough of a release. @returns true when it was one that is being rolled out */
  async haltHere(release: string): Promise<boolean> {
    const at = new Date(this.#options.nowMs()).toISOString();
    const found = (this.#book.index?.procedures ?? []).filter(({ rollout }) => rollout?.release === release);
    return this.#halt(
      found.map((one) => ({
        procedure: one.procedure,
        attempt: one.rollout!.attempt,
        reason: 'errors-here',
        by: 'station',
        at,
      })),
    );
  }

  async #halt(halts: readonly KeptHalt[]): Promise<boolean> {
    const before = this.#book;
    await this.write(halted(before, halts));
    if (before === this.#book) return false;
    await this.settle();
    return true;
  }

  /** What was changed is on disk when this returns, and counts only then. */
  async write(book: Book): Promise<void> {
    if (book === this.#book) return;
    await this.#options.store.set(BOOK, book);
    if (book.index !== this.#book.index) this.#shares = await sharesOf(book.index, this.#station);
    this.#book = book;
  }

  arrived(release: string): void {
    this.#broken.delete(release);
  }

  /** @param thrown undefined: it is refused no more */
  refuse(what: string, thrown: unknown): void {
    if (thrown === undefined) return void this.#refused.delete(what);
    const { code = 'release-unreadable', remedy = 'Publish it again.' } = thrown instanceof Fault ? thrown : {};
    this.#refused.set(what, { what, code, message: messageOf(thrown), remedy });
  }

  /** Only what this says is still refused; the rest was withdrawn. */
  keepRefusals(of: readonly string[]): void {
    for (const what of this.#refused.keys()) if (!of.includes(what)) this.#refused.delete(what);
  }

  /**
   * From the next run on, whatever the fleet wants, until it is let go. Choosing what the fleet wants is letting go.
   * @throws {Fault} `release-not-kept`, `release-key-revoked`
   */
  async use(folder: string, release: string, by: string): Promise<void> {
    const { store, disk } = this.#options;
    const entry = this.#book.procedures[folder]?.kept.find(({ offered }) => offered.release === release);
    const row = entry && (await store.release(release));
    if (!entry || !row || !hasAllScripts(row, entry.offered) || !(await disk.hasScreenFiles(entry.offered)))
      throw new Fault('release-not-kept', 'This release is not whole on this machine any more.', 'Use another one.');
    if (isRevoked(this.#book, entry)) {
      const remedy = 'Use another one; a release has to be signed by a key that counts.';
      throw new Fault('release-key-revoked', `It was signed by “${entry.key.name}”, which is revoked.`, remedy);
    }
    const { nowMs } = this.scene;
    const one = publishedAs(this.#book, folder);
    const wanted = one && wantedRelease(one, this.scene);
    const held = wanted?.release === release ? undefined : { by, at: new Date(nowMs).toISOString() };
    await this.write(using(this.#book, folder, release, held, nowMs));
    this.#show();
  }

  /** @throws {Fault} `release-not-kept` */
  async follow(folder: string): Promise<void> {
    const mine = this.#book.procedures[folder];
    if (!mine) throw new Fault('release-not-kept', 'There is no release of this procedure here.', 'Reload the page.');
    await this.write(using(this.#book, folder, mine.in_use, undefined, this.#options.nowMs()));
    await this.settle();
  }

  /** A browser that is enrolled anew believes the next list of keys that it sees. What it keeps stays. */
  async forgetTrust(): Promise<void> {
    this.#taking = undefined;
    await this.write({ ...this.#book, keys: null, index: null });
    this.#show();
  }

  #show(): void {
    const { view } = this.#options;
    const { scene } = this;
    const refused = [...this.#refused.values()];
    if (this.#book === EMPTY_BOOK && refused.length === 0) return;
    const releases = releasesView(this.#book, refused, scene);
    const shown = JSON.stringify(releases);
    if (shown !== this.#shown) view.change({ releases });
    this.#shown = shown;
    const standing = [heldNotice(this.#book, scene), revokedNotice(this.#book), haltNotice(this.#book, scene)];
    const notices = [...refusalNotices(refused, (what) => this.#usedOf(what)), ...standing.flatMap((one) => one ?? [])];
    for (const code of this.#told.keys())
      if (!notices.some((notice) => notice.code === code) && this.#told.delete(code)) view.dismiss(code);
    for (const notice of notices) {
      if (this.#told.get(notice.code) === notice.message) continue;
      this.#told.set(notice.code, notice.message);
      view.notice(notice);
    }
  }

  #usedOf(what: string): KeptEntry | undefined {
    const mine = this.#book.procedures[what];
    return mine && usedEntry(mine);
  }
}

/** As far as anybody can say so: what has no known reason says nothing. */
function isHalt({ procedure, attempt, reason }: Halt): boolean {
  return typeof procedure === 'string' && Number.isSafeInteger(attempt) && HALT_REASONS.includes(reason);
}
