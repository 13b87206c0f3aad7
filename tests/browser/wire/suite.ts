/**
 * As much of Vitest as the acceptance suite of transports needs, so that the same file runs inside a worker of a real browser.
 *
 * Stands in for `vitest` in the bundle of wire-worker.ts. `tests` holds what was described.
 */
export const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];

export function describe(_name: string, define: () => void): void {
  define();
}

export function test(name: string, run: () => Promise<void>): void {
  tests.push({ name, run });
}

export function expect(actual: unknown) {
  const check = (holds: boolean, word: string, wanted: unknown) => {
    if (!holds) throw new Error(`${shown(actual)} should ${word} ${shown(wanted)}`);
  };
  return {
    toBe: (wanted: unknown) => check(Object.is(actual, wanted), 'be', wanted),
    toEqual: (wanted: unknown) => check(equal(actual, wanted), 'equal', wanted),
    toContain: (wanted: unknown) => check((actual as unknown[]).includes(wanted), 'contain', wanted),
    not: { toBe: (unwanted: unknown) => check(!Object.is(actual, unwanted), 'not be', unwanted) },
    rejects: {
      toMatchObject: async (wanted: Readonly<Record<string, unknown>>) => {
        const thrown: unknown = await (actual as Promise<unknown>).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        for (const [key, value] of Object.entries(wanted))
          expect((thrown as Record<string, unknown>)?.[key]).toBe(value);
      },
    },
  };
}

function equal(a: unknown, b: unknown): boolean {
  return shown(a) === shown(b);
}

/** Order of keys and `undefined` as in Vitest's `toEqual`: the latter counts as absent. */
function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
