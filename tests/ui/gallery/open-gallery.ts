/**
 * Serves the gallery under the strict policy that the real server sends, and opens a browser on it.
 *
 * The policy is part of the test: inline styles or scripts, and markup that Trusted Types refuse, fail here.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { quietArgs } from '../../support/quiet-browser.ts';
import { builtGallery } from './build-gallery.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** With `axe` in the address a page brings axe itself: a script that the browser keeps compiled, where one that is handed in is read anew each time. */
const AXE_PATH = '/axe.js';
const AXE_FILE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const AXE_TAG = `<script src="${AXE_PATH}"></script>`;
const LASTING = /^\/(assets\/|axe\.js$)/;

/** A camera that shows a moving picture, and nobody has to allow it. */
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

export interface Gallery {
  readonly address: string;
  readonly browser: Browser;
  /** Folder of the built files. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function openGallery(executablePath: string): Promise<Gallery> {
  const folder = await builtGallery();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gallery');
    const name = extname(pathname) === '' ? '/index.html' : pathname;
    const file = await readFile(name === AXE_PATH ? AXE_FILE : join(folder, name)).catch(() => null);
    const body = searchParams.has('axe') ? file?.toString().replace('</head>', `${AXE_TAG}</head>`) : file;
    response.writeHead(body ? 200 : 404, {
      'content-type': TYPES[extname(name)] ?? 'text/plain',
      'content-security-policy': POLICY,
      // Vite names what is in this folder by its content.
      'cache-control': LASTING.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gallery has no port');
  const browser = await chromium.launch({ executablePath, args: quietArgs(['--no-sandbox', ...CAMERA]) });
  return {
    address: `http://127.0.0.1:${address.port}`,
    browser,
    folder,
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
