/**
 * A question's own time was up, and nobody had answered: the phase ran out of time, and nothing is broken.
 *
 * Thrown by ask-operator.ts, turned into an outcome by run-attempt.ts.
 */
export class NobodyAnswered extends Error {
  constructor(timeoutMs: number) {
    super(`ran out of time: nobody answered within ${timeoutMs / 1000} s`);
  }
}
