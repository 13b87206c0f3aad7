/**
 * A part of the app's build: the operator's screen as HTML in index.html (src/page/prerender.ts).
 *
 * Builds what makes it as a program of its own, beside the app and gone afterwards, and runs that. Above it:
 * vite.config.ts. Knows nothing of what is on the screen.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type InlineConfig, type Plugin } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EMPTY = '<div id="app"></div>';
/** The one field of the screen: what a person types before anything else is there belongs into it. */
const FIELD = '<input class="mono';

export interface FirstScreen {
  readonly plugins: InlineConfig['plugins'];
  readonly define: Readonly<Record<string, string>>;
}

export function firstScreen({ plugins, define }: FirstScreen): Plugin {
  return {
    name: 'first-screen',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: async (html) => {
        const screen = await rendered({ plugins, define });
        for (const [where, part] of [
          [html, EMPTY],
          [screen, FIELD],
        ])
          if (where!.split(part!).length !== 2) throw new Error(`The first screen needs one ${part}.`);
        return html.replace(EMPTY, `<div id="app">${screen.replace(FIELD, FIELD.replace(' ', ' autofocus '))}</div>`);
      },
    },
  };
}

async function rendered({ plugins, define }: FirstScreen): Promise<string> {
  const outDir = await mkdtemp(join(ROOT, 'node_modules', '.first-screen-'));
  try {
    await build({
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      define,
      plugins,
      // Conditions of a browser would choose the screens that need one.
      ssr: { noExternal: true },
      build: {
        ssr: 'src/page/prerender.ts',
        outDir,
        copyPublicDir: false,
        rollupOptions: { output: { entryFileNames: 'prerender.mjs' } },
      },
    });
    const { firstScreen: render } = (await import(pathToFileURL(join(outDir, 'prerender.mjs')).href)) as {
      firstScreen: () => string;
    };
    return render();
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
