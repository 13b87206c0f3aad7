/**
 * Door: the worker in which one phase script runs. Everything that could reach out is gone before the script begins.
 *
 * This text stands in front of an author's compiled script in one module (fleet/distribution/script-module.ts), under
 * a policy that lets it load nothing and reach no network. Wrapped in a function of its own, so that the author's code
 * sees none of its names. What holds by policy and what by removal: docs/decisions/0005-scripts.md.
 */
import type { Frames, FromScript, ToScript } from '#engine/script/script-words.ts';
import { ScriptRuntime, type ScriptBody } from '#engine/script/script-runtime.ts';
import { lockDown } from './lock-down.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const post = scope.postMessage.bind(scope);
const address = scope.location.href;
let firstLine = Infinity;

const runtime = new ScriptRuntime({ post: (message: FromScript) => post(message), framesOf });
scope.addEventListener('message', (event: MessageEvent<ToScript>) => runtime.hear(event.data));
scope.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  runtime.fail(event.reason);
});
scope.addEventListener('error', (event: ErrorEvent) => {
  event.preventDefault();
  runtime.fail(event.error ?? event.message);
});
// V8's own word: how many callers an error names.
Reflect.set(Error, 'stackTraceLimit', 30);

lockDown(globalThis);

/** Lines of the stack that lie after this text, in the author's part of the module. */
function framesOf(stack: string): Frames {
  const frames: [number, number][] = [];
  for (const line of stack.split('\n')) {
    const [, at, column] = /:(\d+):(\d+)\)?$/.exec(line.trim()) ?? [];
    if (at !== undefined && line.includes(address) && Number(at) >= firstLine)
      frames.push([Number(at) - firstLine + 1, Number(column)]);
  }
  return frames;
}

/** Called once by the last lines of the module, which take it away. */
Object.defineProperty(globalThis, 'fieldbenchScript', {
  configurable: true,
  value: (line: number, body: ScriptBody) => {
    Reflect.deleteProperty(globalThis, 'fieldbenchScript');
    firstLine = line;
    runtime.take(body);
  },
});
