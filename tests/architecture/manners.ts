/**
 * What a file may be called and how it begins: the house rules that a machine can see.
 *
 * Each function takes one source and returns complaints in words. Knows nothing of imports; walls.ts does.
 */
import { CONFIG_FILES, EMPTY_WORDS, MAX_LINES, STANDARD_TERMS, TOP_LEVEL } from './house.ts';
import type { Source } from './source.ts';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*$/;

const nameOf = (path: string) => path.split('/').at(-1) ?? '';

/** The words of a name in kebab or camel case, without the platform's own terms. */
function wordsOf(name: string): string[] {
  const without = STANDARD_TERMS.reduce((rest, term) => rest.replaceAll(term, '-'), name);
  return without
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

const emptyWord = (name: string) => wordsOf(name).find((word) => (EMPTY_WORDS as readonly string[]).includes(word));

export function badNames({ path, exportedNames }: Source): string[] {
  const complaints: string[] = [];
  const file = nameOf(path);
  const [stem = ''] = file.split('.');
  if (file.endsWith('.svelte') ? !PASCAL.test(stem) : !KEBAB.test(stem)) {
    complaints.push(`${path}: ${file.endsWith('.svelte') ? 'a component is PascalCase' : 'a file is kebab-case'}`);
  }
  for (const folder of path.split('/').slice(0, -1)) {
    if (!KEBAB.test(folder)) complaints.push(`${path}: folder ${folder} is not kebab-case`);
  }
  for (const name of [...path.split('/'), ...exportedNames]) {
    const word = emptyWord(name);
    if (word) complaints.push(`${path}: "${word}" in ${name} says nothing about what it is`);
  }
  return complaints;
}

export function badExports({ path, exportsAll, exportsDefault, isBarrel }: Source): string[] {
  const complaints: string[] = [];
  if (exportsAll) complaints.push(`${path}: no export *`);
  if (isBarrel) complaints.push(`${path}: no barrels; import the file itself`);
  if (exportsDefault && !path.endsWith('.svelte') && !CONFIG_FILES.test(path)) {
    complaints.push(`${path}: no default export`);
  }
  return complaints;
}

export function badForm({ path, text }: Source): string[] {
  const complaints: string[] = [];
  const lines = text.trimEnd().split('\n');
  if (lines.length > MAX_LINES) complaints.push(`${path}: ${lines.length} lines; past ${MAX_LINES} it is two files`);
  if (!path.endsWith('.svelte') && !text.replace(/^#!.*\n/, '').startsWith('/**')) {
    complaints.push(`${path}: a file opens by saying what it does`);
  }
  return complaints;
}

/** What stands at the top of the repository and does not belong there. */
export function strayTopLevel(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      !name.startsWith('.') &&
      !TOP_LEVEL.some((allowed) => (typeof allowed === 'string' ? allowed === name : allowed.test(name))),
  );
}
