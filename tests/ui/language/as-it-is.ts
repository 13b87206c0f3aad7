/** Strings in an operator's components that are no words for people, or the same in every language. */
export const AS_IT_IS: ReadonlySet<string> = new Set([
  'Fieldbench',
]);
