/** Facts that the build writes into every bundle (vite.config.ts, `define`). */
declare const __APP_VERSION__: string;
