/**
 * The documentation as modules of the app: `virtual:help` lists the pages, and each page's text is a part of its own.
 *
 * A part is fetched when its page is opened or searched, and kept with the rest of the app for use without a network.
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
      const page = read().pages.find((one) => one.id === id.slice(OURS.length + TEXT.length));
      if (!page) return null;
      this.addWatchFile(page.file);
      return `export const BODY = ${JSON.stringify(page.body)};`;
    },
  };
}

function listOf({ pages, codes }: Docs): string {
  const entries = pages.map(({ id, title, group, lead, sections }) => {
    const page = JSON.stringify({ id, title, group, lead, sections });
    return `{ ...${page}, load: () => import(${JSON.stringify(TEXT + id)}).then(({ BODY }) => BODY) }`;
  });
  return `export const PAGES = [${entries.join(',\n')}];\nexport const CODES = ${JSON.stringify(Object.fromEntries(codes))};`;
}
