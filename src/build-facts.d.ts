/** Facts that the build writes into every bundle (vite.config.ts, `define`). */
declare const __APP_VERSION__: string;

/** A file's own text, put into the bundle (Vite). */
declare module '*?raw' {
  const text: string;
  // oxlint-disable-next-line no-restricted-exports
  export default text;
}
/** The address of a built worker (Vite). */
declare module '*?worker&url' {
  const address: string;
  // oxlint-disable-next-line no-restricted-exports
  export default address;
}
/** The documentation, read when the app is built (cli/docs/help-plugin.ts). */
declare module 'virtual:help' {
  export const PAGES: readonly import('#ui/help/doc-node.ts').LoadedPage[];
  export const CODES: Readonly<Record<string, import('#ui/help/doc-node.ts').CodePlace>>;
}
