/**
 * Takes everything out of a worker's global scope that is not on a short list: the language, timers, and pure tools.
 *
 * A list of what stays, not of what goes: what the next browser adds is gone as well. Knows nothing of scripts.
 */

/** Beside what the language itself defines: nothing here reaches out of the worker, or keeps anything. */
const TOOLS = `
  AbortController AbortSignal DOMException Event EventTarget TextDecoder TextEncoder URL URLSearchParams atob btoa
  clearInterval clearTimeout console crypto performance queueMicrotask self setInterval setTimeout structuredClone
`;

/** ECMA-262, 19: without SharedArrayBuffer and Atomics, which are of use only between workers. */
const LANGUAGE = `
  globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array
  BigUint64Array Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array
  Float32Array Float64Array Function Int8Array Int16Array Int32Array Intl Iterator JSON Map Math Number Object
  Promise Proxy RangeError ReferenceError Reflect RegExp Set String SuppressedError Symbol SyntaxError TypeError
  URIError Uint8Array Uint8ClampedArray Uint16Array Uint32Array WeakMap WeakRef WeakSet
`;

const STAYS = new Set(`${LANGUAGE} ${TOOLS}`.trim().split(/\s+/));

/** @param scope a worker's global object; its prototypes are emptied too, so that nothing can be had through them */
export function lockDown(scope: object): void {
  for (let at: object | null = scope; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    // What an AbortSignal inherits; it reaches nothing.
    if (at === EventTarget.prototype) continue;
    for (const key of Reflect.ownKeys(at)) {
      if (typeof key === 'symbol' || STAYS.has(key)) continue;
      if (!Reflect.deleteProperty(at, key)) shut(at, key);
    }
  }
}

/** What cannot be deleted is covered; what cannot be covered stays, and the policy is what holds. */
function shut(at: object, key: string): void {
  Reflect.defineProperty(at, key, { value: undefined, writable: false, configurable: false });
}
