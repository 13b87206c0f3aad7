/**
 * Typed calls and news over a message channel between two worlds.
 *
 * One side asks (`connect`), the other answers (`serve`) and tells. A failure crosses as a Fault's code, message and
 * remedy. Knows nothing of what is said; station-link.ts has the words.
 */
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault, messageOf } from '#base/fault.ts';

/** A Worker, a MessagePort, or a worker's own global scope. */
export interface Wire {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

type Methods<C> = {
  [K in keyof C]: C[K] extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never;
};
export type Calls<C> = {
  [K in keyof C]: C[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never;
};

type Message =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'failure';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    }
  | { readonly type: 'news'; readonly news: unknown };

/** Answers the other side's calls with `methods`. @returns how to tell it news */
export function serve<C, N>(wire: Wire, methods: Methods<C>): (news: N) => void {
  wire.addEventListener('message', ({ data }) => {
    const message = data as Message;
    if (message.type !== 'call') return;
    void answer(methods as Record<string, (...args: unknown[]) => unknown>, message).then((reply) =>
      wire.postMessage(reply),
    );
  });
  return (news) => wire.postMessage({ type: 'news', news } satisfies Message);
}

async function answer(
  methods: Record<string, (...args: unknown[]) => unknown>,
  { id, name, args }: Extract<Message, { type: 'call' }>,
): Promise<Message> {
  try {
    const method = methods[name];
    if (!method) throw new Fault('unknown-call', `The worker knows no call named ${name}.`, 'Reload the page.');
    return { type: 'answer', id, value: await method(...args) };
  } catch (thrown) {
    const fault = thrown instanceof Fault ? thrown : null;
    return {
      type: 'failure',
      id,
      code: fault?.code ?? 'internal',
      message: messageOf(thrown),
      remedy: fault?.remedy ?? 'Reload the page.',
    };
  }
}

/** Calls that the other side serves, and the news that it tells. */
export function connect<C, N>(wire: Wire): { call: Calls<C>; on(listener: Listener<N>): () => void } {
  const news = new Emitter<N>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (fault: Fault) => void }>();
  let lastId = 0;

  wire.addEventListener('message', ({ data }) => {
    const message = data as Message;
    if (message.type === 'news') return news.emit(message.news as N);
    if (message.type === 'call') return;
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'answer') caller?.resolve(message.value);
    else caller?.reject(new Fault(message.code, message.message, message.remedy));
  });

  const call = new Proxy({} as Calls<C>, {
    get:
      (_, name: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const id = ++lastId;
          waiting.set(id, { resolve, reject });
          wire.postMessage({ type: 'call', id, name, args } satisfies Message);
        }),
  });
  return { call, on: (listener) => news.on(listener) };
}
