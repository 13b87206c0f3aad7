/**
 * Phase scripts for `fieldbench run`: a thread each, with a bounded heap, ended at once when its time is up.
 *
 * Above: run.ts. Below: script-thread.ts, built as a file beside this program. Knows nothing of phases.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '#base/clock.ts';
import { originalPlace } from '#engine/script/source-map.ts';
import { ScriptFault, type ScriptHost } from '#engine/script/script-host.ts';
import { createWorkerHost, type ScriptWorker } from '#engine/script/worker-host.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';

/** Far more than a phase needs, far less than a machine has. */
const HEAP_LIMIT_MB = 256;

const BUILT_THREAD = join(dirname(fileURLToPath(import.meta.url)), 'script-thread.js');

/** @param thread the built script-thread.ts; the one beside this program unless stated */
export function threadHost(scripts: ReadonlyMap<string, CompiledScript>, thread = BUILT_THREAD): ScriptHost {
  return createWorkerHost({
    clock: systemClock,
    open: (script) => {
      const compiled = scripts.get(script);
      if (compiled) return open(compiled, thread);
      throw new ScriptFault('script-missing', `there is no script ${script}`, 'Name a file of the folder.');
    },
  });
}

function open({ code, map }: CompiledScript, thread: string): ScriptWorker {
  const worker = new Worker(thread, {
    workerData: { code },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
  });
  return {
    post: (message) => worker.postMessage(message),
    listen: ({ heard, died }) => {
      worker.on('message', heard);
      worker.on('messageerror', () => died('it sent what cannot be read'));
      worker.on('error', ({ message }) => died(message));
      worker.on('exit', (code) => died(`its thread ended with ${code}`));
    },
    end: () => void worker.terminate(),
    whereIs: (line, column) => originalPlace(map, line, column),
  };
}
