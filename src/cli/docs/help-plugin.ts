/**
 * The documentation as modules of the app: `virtual:help` lists the pages, and the texts of a group are one part.
 *
 * A part is fetched when one of its pages is opened or searched, and kept with the rest of the app for use without a
 * network. A part for each page would be half of all the files that a new station has to fetch.
 * Above: vite.config.ts and the gallery. Below: read-docs.ts.
 */
import type { Plugin } from 'vite';
import { readDocs, type Docs } from './read-docs.ts';

const LIST = 'virtual:help';
const TEXT = 'virtual:help-text/';
/** What begins so is no file, and no other plugin touches it. */
const OURS = '\0';

/** @param root the repository */
export function helpPages(root: string): Plugin {
  let docs: Docs | undefined;
  const read = () => (docs ??= readDocs(root));
  return {
    name: 'help-pages',
    buildStart() {
      docs = undefined;
    },
    resolveId(id) {
      return id === LIST || id.startsWith(TEXT) ? OURS + id : null;
    },
    load(id) {
      if (id === OURS + LIST) return listOf(read());
      if (!id.startsWith(OURS + TEXT)) return null;
      const pages = read().pages.filter(({ group }) => group === id.slice(OURS.length + TEXT.length));
      for (const { file } of pages) this.addWatchFile(file);
      return `export const BODIES = ${JSON.stringify(Object.fromEntries(pages.map((page) => [page.id, page.body])))};`;
    },
  };
}

function listOf({ pages, codes }: Docs): string {
  const entries = pages.map(({ id, title, group, lead, sections }) => {
    const page = JSON.stringify({ id, title, group, lead, sections });
    return `{ ...${page}, load: () => import(${JSON.stringify(TEXT + group)}).then(({ BODIES }) => BODIES[${JSON.stringify(id)}]) }`;
  });
  return `export const PAGES = [${entries.join(',\n')}];\nexport const CODES = ${JSON.stringify(Object.fromEntries(codes))};`;
}
