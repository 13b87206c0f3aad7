/** Why a person stopped the run, in words; null when nobody did. */
export function stoppedWords(people: readonly (AbortSignal | undefined)[]): string | null {
  const pressed = people.find((person) => person?.aborted);
  if (!pressed) return null;
  const reason: unknown = pressed.reason;
  return reason instanceof Error && reason.name === 'Fault' ? reason.message : 'A person stopped the run.';
}
