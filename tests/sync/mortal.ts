/**
 * A client that can die at any await: from then on nothing that it calls ever answers, and nothing it planned happens.
 *
 * What it had already asked of the store or the server still happens there. Knows nothing of what it runs.
 */
export class Life {
  readonly died: Promise<'died'>;
  #steps = 0;
  #die!: () => void;
  #isDead = false;
  readonly #diesAtStep: number;

  constructor(diesAtStep: number) {
    this.#diesAtStep = diesAtStep;
    this.died = new Promise((resolve) => (this.#die = () => resolve('died')));
  }

  /** Every method of `port`, each with a moment to die before and after it. */
  bind<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        return typeof member === 'function'
          ? this.wrap((member as (...args: unknown[]) => unknown).bind(target))
          : member;
      },
    });
  }

  wrap<F extends (...args: never[]) => unknown>(call: F): F {
    return (async (...args: never[]) => {
      await this.#step();
      try {
        return await call(...args);
      } finally {
        await this.#step();
      }
    }) as unknown as F;
  }

  #step(): Promise<void> {
    this.#steps += 1;
    if (this.#steps === this.#diesAtStep) {
      this.#isDead = true;
      this.#die();
    }
    return this.#isDead ? new Promise(() => undefined) : Promise.resolve();
  }
}
