/**
 * Runs the built server in this process until a signal ends it.
 *
 * Above it: start.js, the tests that start the server as people do, and whatever starts it by itself on a server that
 * installs and builds nothing (deploy/). Knows nothing of installing and building, nor of what is served.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @param {unknown} thrown */
function oneLine(thrown) {
  const { message = String(thrown), remedy = '' } = /** @type {{ message?: string, remedy?: string }} */ (thrown);
  return `${message} ${remedy}`.trim();
}

/**
 * @param {string} root folder of dist/
 * @param {NodeJS.ProcessEnv} env
 */
export async function serve(root, env) {
  const { start } = await import(pathToFileURL(join(root, 'dist', 'server', 'main.js')).href);
  let server;
  try {
    server = await start(env);
  } catch (thrown) {
    console.error(oneLine(thrown));
    process.exit(1);
  }
  for (const signal of ['SIGTERM', 'SIGINT']) {
    // Once: a second signal ends the process in the ordinary way.
    process.once(signal, () => server.close().finally(() => process.exit(0)));
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await serve(fileURLToPath(new URL('../../', import.meta.url)), process.env);
