/**
 * A network link that can really be cut: a browser in its own network namespace, joined to the server by a veth pair.
 *
 * `navigator.onLine` follows the link, and Background Sync fires by itself when it comes back. Needs root and
 * iproute2. Above it: the browser tests. Knows nothing of browser or server.
 */
import { execFileSync } from 'node:child_process';

let cuts = 0;

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

export class NetworkCut {
  /** To start the browser in. */
  readonly namespace: string;
  /** Address on the server's end of the link. */
  readonly host: string;
  readonly #hostEnd: string;

  constructor() {
    cuts += 1;
    // An interface name has at most 15 characters.
    const id = `${process.pid % 100_000}x${cuts % 100}`;
    this.namespace = `fieldbench-${id}`;
    this.#hostEnd = `fbh${id}`;
    const farEnd = `fbn${id}`;
    // A /30 of the private range for each pair: two addresses are all it needs.
    const net = `10.213.${process.pid % 256}`;
    const base = (cuts % 64) * 4;
    this.host = `${net}.${base + 1}`;
    ip('netns', 'add', this.namespace);
    ip('link', 'add', this.#hostEnd, 'type', 'veth', 'peer', 'name', farEnd, 'netns', this.namespace);
    ip('addr', 'add', `${this.host}/30`, 'dev', this.#hostEnd);
    ip('link', 'set', this.#hostEnd, 'up');
    ip('-n', this.namespace, 'addr', 'add', `${net}.${base + 2}/30`, 'dev', farEnd);
    ip('-n', this.namespace, 'link', 'set', farEnd, 'up');
    ip('-n', this.namespace, 'link', 'set', 'lo', 'up');
  }

  /** Of plain HTTP only localhost is a secure origin; the browser needs this argument for any other. */
  static trust(origin: string): string {
    return `--unsafely-treat-insecure-origin-as-secure=${origin}`;
  }

  cut(): void {
    ip('link', 'set', this.#hostEnd, 'down');
  }

  restore(): void {
    ip('link', 'set', this.#hostEnd, 'up');
  }

  /** Call when the browser has ended. */
  remove(): void {
    ip('link', 'delete', this.#hostEnd);
    ip('netns', 'delete', this.namespace);
  }
}
