/** Where a phase stands in a procedure; setup comes first, teardown always runs. */
export type Section = 'setup' | 'main' | 'teardown';
