/**
 * Which runs use a bench at the same time: who may talk to a plug, and who switches off what all share.
 *
 * A plug that several runs share is made safe when the last of them has ended, and nobody begins to use it before that
 * is over. One for all runs on a bench. Above: doors and the engine. Knows nothing of wires and of phases.
 */
import { Leases } from '#engine/leases.ts';

/** What a run needs to know of the others on its bench. */
export interface BenchPlace {
  readonly leases: Leases;
  /** A plug's name among all plugs of the bench. */
  nameOf(plug: string): string;
}

export class SharedPlugs {
  readonly leases = new Leases();
  /** Plugs that are in use, each with its users. */
  readonly #users = new Map<string, Set<BenchUse>>();
  /** Plugs that are being made safe. */
  readonly #closing = new Map<string, Promise<unknown>>();

  /**
   * Waits while one of the plugs is being made safe; from then on nobody makes them safe but the last who leaves.
   * @param shared keys of the plugs that other slots use as well
   */
  async enter(shared: ReadonlySet<string>): Promise<BenchUse> {
    const closing = () => [...shared].flatMap((plug) => this.#closing.get(plug) ?? []);
    for (let waits = closing(); waits.length > 0; waits = closing()) await Promise.all(waits);
    const use = new BenchUse(this, shared);
    for (const plug of shared) this.#users.set(plug, (this.#users.get(plug) ?? new Set()).add(use));
    return use;
  }

  /** Of these plugs the ones that somebody else uses too. */
  usedBeside(use: BenchUse): ReadonlySet<string> {
    return new Set([...use.shared].filter((plug) => [...(this.#users.get(plug) ?? [])].some((one) => one !== use)));
  }

  async leave<T>(use: BenchUse, makeSafe: (keep: ReadonlySet<string>) => Promise<T>): Promise<T> {
    const keep = this.usedBeside(use);
    const last = [...use.shared].filter((plug) => !keep.has(plug));
    for (const plug of use.shared) this.#users.get(plug)?.delete(use);
    for (const plug of keep) for (const other of this.#users.get(plug) ?? []) other.inherits = true;
    const safe = makeSafe(keep);
    for (const plug of last)
      this.#closing.set(
        plug,
        safe.catch(() => undefined),
      );
    try {
      return await safe;
    } finally {
      for (const plug of last) this.#closing.delete(plug);
    }
  }
}

/** One use of the bench: by a run, or by units that were started together. */
export class BenchUse {
  readonly shared: ReadonlySet<string>;
  /** Whether a run has ended meanwhile and left plugs on for it. */
  inherits = false;
  readonly #plugs: SharedPlugs;

  /** Made by `SharedPlugs.enter` alone. */
  constructor(plugs: SharedPlugs, shared: ReadonlySet<string>) {
    this.#plugs = plugs;
    this.shared = shared;
  }

  /** Keys of plugs that another run is using now. */
  get inUse(): ReadonlySet<string> {
    return this.#plugs.usedBeside(this);
  }

  /** As a run in this slot sees it; absent: what is done for all of them. */
  placeIn(slot = ''): BenchPlace {
    const { leases } = this.#plugs;
    return { leases, nameOf: (plug) => (this.shared.has(plug) ? plug : `${slot}/${plug}`) };
  }

  /**
   * The bench is used no more. Called once.
   * @param makeSafe is given the keys of the plugs that stay as they are, because others still use them
   */
  leave<T>(makeSafe: (keep: ReadonlySet<string>) => Promise<T>): Promise<T> {
    return this.#plugs.leave(this, makeSafe);
  }
}
