/** What stands in an operator's components and needs no entry of its own in a catalogue. */
export const AS_IT_IS: ReadonlySet<string> = new Set([
  // Keys of the keyboard, for machines.
  'Pause Control+Shift+Backspace',
  // Each of its two forms is in the catalogues as a whole.
  'Scan your badge{0}.',
  // Said sentence by sentence.
  'Not started. {0} {1}',
  'Starting. A unit may be scanned already.',
]);
