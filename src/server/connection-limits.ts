/**
 * How long a connection may keep this server waiting, in the words of node:http: one that sends nothing, or one byte a
 * minute, must not hold a place for ever.
 *
 * Handed to the server by main.ts; tests shorten them. What a request may then take in the relay is in relay.ts.
 */
export const CONNECTION_LIMITS = {
  /** A browser sends its headers at once. */
  headersTimeout: 15_000,
  /** The largest file (100 MiB) over half a megabit a second; Node's own five minutes would cut it off each time. */
  requestTimeout: 30 * 60_000,
  /** Between two looks at the two above. */
  connectionsCheckingInterval: 5_000,
  /** Nothing moved: longer than the slowest fault that the sandbox can be set to. */
  timeout: 11 * 60_000,
};
