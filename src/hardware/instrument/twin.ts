/**
 * What a simulated twin is: the far end of a wire, as an instrument of its class would answer.
 *
 * `bench.yaml` goes before it, command by command. Above it: the simulated bench. Knows nothing of wires.
 */
export interface TwinReply {
  readonly text?: string;
  /** These bytes as they are. */
  readonly raw?: Uint8Array;
}

export interface Twin {
  /** Nothing in the reply: taken without an answer. undefined: it does not know this command. */
  reply?(command: string): TwinReply | undefined;
  /** How bytes become commands and replies become bytes; absent: lines of text. */
  readonly speech?: TwinSpeech;
}

export interface TwinSpeech {
  /** The wire was opened: what had begun is forgotten. */
  begin(): void;
  hear(bytes: Uint8Array): string[];
  /** The bytes that answer the oldest command that was not answered yet; null: none. */
  say(reply: TwinReply): Uint8Array | null;
}
