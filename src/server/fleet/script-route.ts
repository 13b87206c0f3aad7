/**
 * `/scripts/<release>/<path>.js`: what a script worker is started with, for a page that no service worker looks after
 * yet; every other station answers this address itself, from its own disk.
 *
 * The only code of a procedure that is served as code, under a policy that lets it reach nothing.
 */
import { SCRIPT_HEADERS, scriptModule, scriptOfAddress } from '#fleet/distribution/script-module.ts';
import { scriptWorkerText, type AppFiles } from '#server/app-files.ts';
import type { Fleet } from '#server/fleet/fleet.ts';

/** @returns undefined when no such script is offered */
export async function answerScript(files: AppFiles, fleet: Fleet, pathname: string): Promise<Response | undefined> {
  const wanted = scriptOfAddress(pathname);
  const compiled = wanted && (await fleet.compiledOf(wanted.release, wanted.script));
  const worker = scriptWorkerText(files);
  if (!compiled || worker === undefined) return undefined;
  return new Response(scriptModule(worker, compiled), { headers: SCRIPT_HEADERS });
}
