/**
 * The scripts of the selected release, ready to be started as workers, with or without a network.
 *
 * Their modules are made from what the store keeps and laid where the service worker finds them; while none looks after
 * this page yet, the server answers the same address. Knows nothing of phases.
 */
import scriptWorkerAddress from '../script-worker/script.ts?worker&url';
import { systemClock } from '#base/clock.ts';
import { originalPlace } from '#engine/script/source-map.ts';
import { ScriptFault, type ScriptHost } from '#engine/script/script-host.ts';
import { createWorkerHost, type ScriptWorker } from '#engine/script/worker-host.ts';
import {
  SCRIPT_CACHE,
  SCRIPT_HEADERS,
  scriptAddress,
  scriptModule,
  type CompiledScript,
} from '#fleet/distribution/script-module.ts';
import { trustedScript } from './trusted-script.ts';

export type Scripts = ReadonlyMap<string, CompiledScript>;

/** Lays out the modules of a release; those of others go, unless it is only beside them for a while. */
export async function layOutScripts(release: string, scripts: Scripts, isBeside = false): Promise<void> {
  const cache = await caches.open(SCRIPT_CACHE);
  const wanted = new Set([...scripts.keys()].map((script) => scriptAddress(release, script)));
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!isBeside && !wanted.has(pathname)) await cache.delete(pathname);
  }
  if (scripts.size === 0) return;
  const worker = await (await fetch(scriptWorkerAddress)).text();
  for (const [script, compiled] of scripts)
    await cache.put(
      scriptAddress(release, script),
      new Response(scriptModule(worker, compiled), { headers: SCRIPT_HEADERS }),
    );
}

/** For one run. */
export function scriptHost(release: string, scripts: Scripts): ScriptHost {
  return createWorkerHost({
    clock: systemClock,
    open: (script) => {
      const compiled = scripts.get(script);
      if (compiled) return open(scriptAddress(release, script), compiled);
      throw new ScriptFault('script-missing', `the release has no script ${script}`, 'Release the procedure again.');
    },
  });
}

function open(address: string, { map }: CompiledScript): ScriptWorker {
  const worker = new Worker(trustedScript(address), { type: 'module', name: 'script' });
  return {
    post: (message) => worker.postMessage(message),
    listen: ({ heard, died }) => {
      worker.addEventListener('message', ({ data }) => heard(data));
      worker.addEventListener('messageerror', () => died('it sent what cannot be read'));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        died(event.message || 'it could not be started');
      });
    },
    end: () => worker.terminate(),
    whereIs: (line, column) => originalPlace(map, line, column),
  };
}
