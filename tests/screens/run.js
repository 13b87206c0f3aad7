/** `npm run screens`: every picture in docs/screens/ and public/screens/, taken anew from the built app. */
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./take.ts', import.meta.url).pathname, { configFile: false });
await module.take();
process.exit(0);
