/**
 * What the workshop asks a server to compile, and what it answers; both ends of one address.
 *
 * Knows nothing of compiling.
 */
import * as v from 'valibot';
import type { Compiled } from '#fleet/distribution/compile-script.ts';

export const COMPILE_ADDRESS = '/workshop/compile';

const path = v.pipe(v.string(), v.maxLength(500));
const wish = v.strictObject({
  script: path,
  /** Every script of the folder: what it imports is among them. */
  sources: v.pipe(v.array(v.strictTuple([path, v.string()])), v.maxLength(200)),
});
export type CompileWish = v.InferInput<typeof wish>;

const place = { file: v.string(), line: v.number(), column: v.number(), message: v.string() };
const compiled = v.union([
  v.strictObject({
    script: v.strictObject({
      code: v.string(),
      map: v.strictObject({ sources: v.array(v.string()), mappings: v.string() }),
    }),
  }),
  v.strictObject({ problem: v.strictObject(place) }),
]);

/** @returns null for what is no wish */
export function readWish(data: unknown): CompileWish | null {
  const read = v.safeParse(wish, data);
  return read.success ? read.output : null;
}

const answer = v.strictObject({
  done: compiled,
  /** Files of the folder that the compiler looked into: they belong to the release. */
  read: v.array(path),
});
export interface CompileAnswer {
  readonly done: Compiled;
  readonly read: readonly string[];
}

/** @throws when it is none */
export function readAnswer(data: unknown): CompileAnswer {
  return v.parse(answer, data);
}
