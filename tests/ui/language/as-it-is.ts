/** What stands in an operator's components and needs no entry of its own in a catalogue. */
export const AS_IT_IS: ReadonlySet<string> = new Set([
  // Keys of the keyboard and names of faults, for machines; a unit; our own name.
  'Pause Control+Shift+Backspace',
  'Escape',
  'Cancel',
  'Backspace',
  'ArrowUp',
  'ArrowDown',
  'NotAllowedError',
  'NotFoundError',
  'NotReadableError',
  'AbortError',
  'Ohm',
  'Fieldbench',
  // A look.
  'unready',
  // Spoken aloud, with an English voice.
  'Error',
  'Time out',
  'Aborted',
  // Each of its two forms is in the catalogues as a whole.
  'Scan your badge{0}.',
  // Said sentence by sentence.
  'Not started. {0} {1}',
  'Starting. A unit may be scanned already.',
]);
