/**
 * `POST /workshop/compile`: a phase script that is being written, compiled as for a release.
 *
 * Runs nothing of it and keeps nothing. Bounded, because anyone on the plant's network can post here. Below:
 * #fleet/distribution/compile-script.ts.
 */
import { compileScript } from '#fleet/distribution/compile-script.ts';
import { readWish, type CompileAnswer } from '#fleet/distribution/compile-wish.ts';
import { apiError } from '#server/api-error.ts';
import { readLimited } from '#server/read-limited.ts';
import { Budget } from '#server/relay/budget.ts';

/** All scripts of a folder; a phase script is some pages. */
const LIMIT_BYTES = 1024 * 1024;
/** Whoever types pauses between two words; a few engineers at once. */
const MOST_PER_S = 5;

export class Compiler {
  readonly #budget: Budget;

  constructor(monotonicMs: () => number) {
    this.#budget = new Budget(async () => MOST_PER_S, monotonicMs);
  }

  async answer(request: Request): Promise<Response> {
    const waitS = await this.#budget.take();
    if (waitS > 0)
      return apiError('TOO_MANY_REQUESTS', 'More is asked than this server compiles.', {
        headers: { 'retry-after': String(waitS) },
      });
    const bytes = await readLimited(request, LIMIT_BYTES);
    if (!bytes) return apiError('PAYLOAD_TOO_LARGE', `More than ${LIMIT_BYTES} bytes.`);
    const wish = readWish(parsed(bytes));
    if (!wish) return apiError('BAD_REQUEST', 'The body names no script with its sources.');
    const sources = new Map(wish.sources);
    const read = new Set<string>();
    const done = await compileScript(wish.script, async (path) => {
      const text = sources.get(path);
      if (text !== undefined) read.add(path);
      return text ?? null;
    });
    const answer: CompileAnswer = { done, read: [...read] };
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
