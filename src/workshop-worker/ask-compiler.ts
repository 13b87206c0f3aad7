/**
 * Scripts are compiled by this page's server, with the compiler that makes releases: none of that size is shipped.
 *
 * What was compiled once is kept as long as its sources stay the same, so that typing elsewhere asks nobody. Above: main.ts.
 */
import { COMPILE_ADDRESS, readAnswer, type CompileAnswer, type CompileWish } from '#fleet/distribution/compile-wish.ts';
import type { CompileScript } from './check-folder.ts';

/** A compiler answers in a fraction of a second; a server that is gone must not hold up what else is said. */
const LIMIT_MS = 10_000;
const MOST_KEPT = 50;

export class AskCompiler {
  readonly #fetch: typeof fetch;
  readonly #texts: () => readonly (readonly [path: string, text: string])[];
  readonly #kept = new Map<string, CompileAnswer>();

  /** @param texts of the folder: only scripts are sent */
  constructor(fetchFrom: typeof fetch, texts: () => readonly (readonly [path: string, text: string])[]) {
    this.#fetch = fetchFrom;
    this.#texts = texts;
  }

  readonly compile: CompileScript = async (script, readSource) => {
    const sources = this.#texts().flatMap(([path, text]): [string, string][] =>
      /\.[jt]s$/.test(path) ? [[path, text]] : [],
    );
    const wish = JSON.stringify({ script, sources } satisfies CompileWish);
    const { done, read } = this.#kept.get(wish) ?? (await this.#ask(script, wish));
    // What it looked into is part of a bundle.
    for (const path of read) await readSource(path);
    return done;
  };

  async #ask(script: string, wish: string): Promise<CompileAnswer> {
    try {
      const headers = { 'content-type': 'application/json' };
      const signal = AbortSignal.timeout(LIMIT_MS);
      const answer = await this.#fetch(COMPILE_ADDRESS, { method: 'POST', headers, body: wish, signal });
      if (!answer.ok) return missing(script, `the server does not compile it (${answer.status})`);
      const done = readAnswer(await answer.json());
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      this.#kept.set(wish, done);
      return done;
    } catch {
      return missing(script, 'it is compiled by the server, which cannot be reached');
    }
  }
}

function missing(file: string, message: string): CompileAnswer {
  return { done: { problem: { file, line: 1, column: 1, message } }, read: [] };
}
