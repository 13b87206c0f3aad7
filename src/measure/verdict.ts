/** PASS or FAIL of one limit; what cannot be evaluated has failed. */
export type Verdict = 'PASS' | 'FAIL';
