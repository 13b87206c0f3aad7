/**
 * Takes the echo of a command from the lines that followed it.
 *
 * Terminals break a long command over several lines and put blanks where they please; what is compared is the rest.
 * Pure. Knows nothing of how a prompt is recognised.
 */

/**
 * @param prompt what stood in the line when the command was sent
 * @returns the lines after the echo; null when they do not begin with one
 */
export function withoutEcho(lines: readonly string[], prompt: string, command: string): readonly string[] | null {
  const wanted = bare(command);
  const withPrompt = bare(prompt) + wanted;
  let heard = '';
  for (const [at, line] of lines.entries()) {
    heard += bare(line);
    if (heard === withPrompt || heard === wanted) return lines.slice(at + 1);
    if (heard.length > withPrompt.length) return null;
  }
  return null;
}

/** What a console without an echo printed behind its prompt. */
export function withoutPrompt(lines: readonly string[], prompt: string): readonly string[] {
  const [first = '', ...rest] = lines;
  return [first.startsWith(prompt) ? first.slice(prompt.length) : first, ...rest];
}

function bare(text: string): string {
  return text.replaceAll(/\s/g, '');
}
