/**
 * What every world has: page, worker, service worker and Node.
 *
 * The plain rooms (base to engine) compile against this list and nothing more, so that `document`, `navigator`
 * or `process` does not compile there. Only tsconfig.plain.json includes it.
 */
interface EventTarget {
  addEventListener(
    type: string,
    listener: (event: unknown) => void,
    options?: { once?: boolean; signal?: AbortSignal },
  ): void;
  removeEventListener(type: string, listener: (event: unknown) => void): void;
}
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}
declare var AbortSignal: {
  prototype: AbortSignal;
  any(signals: AbortSignal[]): AbortSignal;
  timeout(ms: number): AbortSignal;
  abort(reason?: unknown): AbortSignal;
};
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
}
declare function setTimeout(callback: () => void, delayMs?: number): number;
declare function clearTimeout(id: number | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
declare function btoa(text: string): string;
declare function atob(text: string): string;
declare const performance: { now(): number; readonly timeOrigin: number };
declare const crypto: {
  getRandomValues<T extends Uint8Array>(array: T): T;
  readonly subtle: { digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer> };
};
declare const console: { error(...data: unknown[]): void; warn(...data: unknown[]): void };
interface MessagePort extends EventTarget {
  postMessage(message: unknown, transfer?: unknown[]): void;
  start(): void;
  close(): void;
}
