/**
 * Typed events inside one world.
 *
 * A listener that throws does not keep the others from hearing. Knows nothing of messages between worlds
 * (see engine/link).
 */
export type Listener<T> = (value: T) => void;

export class Emitter<T> {
  readonly #listeners = new Set<Listener<T>>();

  /** @returns a function that stops listening */
  on(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    // A copy: who begins to listen meanwhile hears only what comes later.
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(value);
      } catch (thrown) {
        console.error('a listener failed', thrown);
      }
    }
  }
}
