/**
 * The thread in which `fieldbench run` runs one phase script: the same runtime as a station's script worker.
 *
 * The script gets a global scope of its own with the language, timers and pure tools. That keeps it from using by
 * mistake what no station has (files, network, `process`); it is no wall against somebody who means harm, and need not
 * be: whoever runs this command runs the author's procedure on a machine of his own. Started by script-threads.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createContext, runInContext } from 'node:vm';
import type { Frames, FromScript, ToScript } from '#engine/script/script-words.ts';
import { ScriptRuntime, type ScriptBody } from '#engine/script/script-runtime.ts';

/** As script-threads.ts hands it over. */
const { code } = workerData as { readonly code: string };
const FILE = 'fieldbench-script.js';

const runtime = new ScriptRuntime({ post: (message: FromScript) => parentPort?.postMessage(message), framesOf });
parentPort?.on('message', (message: ToScript) => runtime.hear(message));
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (thrown: unknown) => runtime.fail(thrown));
Error.stackTraceLimit = 30;

/** What a station's script worker leaves of a browser (script-worker/lock-down.ts). */
const EVENTS = { AbortController, AbortSignal, DOMException, Event, EventTarget, queueMicrotask };
const TIMERS = { clearInterval, clearTimeout, setInterval, setTimeout, performance };
const TOOLS = { TextDecoder, TextEncoder, URL, URLSearchParams, atob, btoa, console, crypto, structuredClone };
const scope = createContext(
  { ...EVENTS, ...TIMERS, ...TOOLS },
  // As under a station's policy: no code out of text.
  { codeGeneration: { strings: false, wasm: false } },
);

runInContext('delete globalThis.WebAssembly; delete globalThis.SharedArrayBuffer; delete globalThis.Atomics;', scope);

runtime.take(async (take) => {
  const wrapped = `(async (fieldbenchTake) => { 'use strict';\n${code}\n})`;
  const body = runInContext(wrapped, scope, { filename: FILE, lineOffset: -1 }) as ScriptBody;
  await body(take);
});

function framesOf(stack: string): Frames {
  return [...stack.matchAll(/fieldbench-script\.js:(\d+):(\d+)/g)].map(([, line, column]) => [
    Number(line),
    Number(column),
  ]);
}
