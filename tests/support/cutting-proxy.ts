/**
 * A TCP proxy that breaks kept-alive connections after the server has answered and before the browser hears of it.
 *
 * What a proxy, a switch or a server's restart does to a line, at the worst moment there is. Above it: browser tests.
 * Knows nothing of HTTP but where a request begins.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** How many more answers are to be lost. */
  #left = 0;
  /** What the next request is answered with, on the way, once an answer was lost. */
  #reply: string | null = null;
  #replies = 0;
  /** Answers that were lost so far. */
  cuts = 0;
  /** Repetitions that were answered on the way. */
  answered = 0;

  private constructor(target: number, begins: string) {
    this.#server = createServer((near) => {
      const far = connect(target, 'localhost');
      let requests = 0;
      let isDoomed = false;
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      near.on('data', (bytes) => {
        const starts = /^[A-Z]+ \//.test(bytes.toString('latin1'));
        // Only a connection that has answered before is one that the browser trusts enough to repeat itself.
        if (starts && requests > 0 && this.#left > 0 && bytes.toString('latin1').startsWith(begins)) isDoomed = true;
        if (starts) requests += 1;
        if (starts && this.#reply !== null && this.#replies > 0 && bytes.toString('latin1').startsWith(begins)) {
          this.#replies -= 1;
          this.answered += 1;
          return near.end(this.#reply);
        }
        far.write(bytes);
      });
      far.on('data', (bytes) => {
        if (!isDoomed) return near.write(bytes);
        this.#left -= 1;
        this.#replies += 1;
        this.cuts += 1;
        far.destroy();
        near.resetAndDestroy();
      });
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
  }

  /** @param begins with what a request begins whose answer may be lost */
  static async start(port: number, target: number, begins: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target, begins);
    await new Promise<void>((resolve) => proxy.#server.listen(port, 'localhost', resolve));
    return proxy;
  }

  /**
   * The answers to the next requests are lost.
   * @param reply HTTP, whole: what somebody on the way answers to each repetition; null lets it through
   */
  cut(count: number, reply: string | null = null): void {
    this.#left = count;
    this.#reply = reply;
    this.#replies = 0;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
