/**
 * What a phase waited for did not come true: the unit's doing, not the bench's, so the phase fails and is no error.
 *
 * Thrown by steps, turned into a verdict by run-attempt.ts.
 */
export class Unmet extends Error {}
