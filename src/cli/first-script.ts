/**
 * A part of the app's build: the page's first script (src/page/first.ts) as a plain one in front of everything else,
 * and the app as what it begins, fetched meanwhile.
 *
 * Above it: vite.config.ts. Knows nothing of what either does.
 */
import type { Plugin } from 'vite';

/** Its name in the build, and its file. */
export const FIRST = 'first';
/** What the first screen is written in: without them it is laid out twice, first in what the system has to look for. */
const FIRST_FONTS = /\/(inter|jetbrains-mono)-latin-wght-normal-[^/]*\.woff2$/;
const APP = /<script type="module" crossorigin src="([^"]+)"><\/script>/;

export function firstScript(): Plugin {
  return {
    name: 'first-script',
    renderChunk(code, { name, isEntry, imports, exports }) {
      if (name !== FIRST || !isEntry) return null;
      if (imports.length > 0 || exports.length > 0) throw new Error(`src/page/${FIRST}.ts must stand alone.`);
      return `(()=>{${code}})();`;
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const first = Object.values(bundle).find((part) => part.type === 'chunk' && part.name === FIRST);
        const [, app] = APP.exec(html) ?? [];
        if (!first || !app) throw new Error('index.html has no app, or no first script.');
        const fonts = Object.keys(bundle).filter((file) => FIRST_FONTS.test(file));
        return {
          html: html.replace(APP, `<link rel="modulepreload" crossorigin href="${app}">`),
          tags: [
            { tag: 'script', attrs: { src: `/${first.fileName}`, 'data-app': app }, injectTo: 'head-prepend' as const },
            ...fonts.map((file) => ({
              tag: 'link',
              attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` },
              injectTo: 'head' as const,
            })),
          ],
        };
      },
    },
  };
}
