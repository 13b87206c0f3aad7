/** What a procedure is called in addresses and on the command line: `Power board` is `power-board`. */

/** @returns a word of small letters and digits; `procedure` where nothing is left */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return (
    plain
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 100) || 'procedure'
  );
}
