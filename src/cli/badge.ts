/**
 * `fieldbench badge`: what stands in `fleet.yaml` in the place of a badge's code.
 *
 * Above: command-line.ts. Below: fleet/people.
 */
import { badgeProblem, hashBadge } from '#fleet/people/secret.ts';
import type { Terminal } from './terminal.ts';

/** `sysexits.h` calls it EX_USAGE. */
const WRONG_USAGE = 64;

export async function badge(code: string, terminal: Terminal): Promise<number> {
  const problem = badgeProblem(code);
  if (problem !== null) {
    terminal.err(problem);
    return WRONG_USAGE;
  }
  terminal.out(await hashBadge(code, (bytes) => crypto.getRandomValues(new Uint8Array(bytes))));
  return 0;
}
