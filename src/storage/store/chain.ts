/**
 * Each sealed run is chained to the one sealed before it, so that a changed, removed or inserted run shows.
 *
 *   head(n) = SHA-256( head(n-1) ‖ seq ‖ SHA-256(body) ), as text: the three joined by a line feed
 *   head(0) = SHA-256( install id )
 *
 * n counts sealings. The head before a run is in its header and so in its own body (`chain_prev`): whoever has the
 * bodies can check the chain without this station. Knows nothing of tables; verify.ts reads them.
 */
import { sha256 } from '#base/hash.ts';

export interface ChainPlace {
  /** 1, 2, 3 … in the order of sealing. */
  readonly n: number;
  readonly head: string;
}

/** A run's own link: its place, and the hash of exactly the bytes that are sent. */
export interface ChainLink extends ChainPlace {
  readonly body: string;
}

const bytes = new TextEncoder();

export const hashOf = (text: string): Promise<string> => sha256(bytes.encode(text));

export async function genesis(installId: string): Promise<ChainPlace> {
  return { n: 0, head: await hashOf(installId) };
}

export async function link(previous: ChainPlace, seq: number, bodyHash: string): Promise<ChainLink> {
  return { n: previous.n + 1, head: await hashOf(`${previous.head}\n${seq}\n${bodyHash}`), body: bodyHash };
}
