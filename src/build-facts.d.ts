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
