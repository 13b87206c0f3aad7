/**
 * `npx fieldbench`: the entry of the built command line.
 *
 * Joins the process (arguments, streams, signals) to command-line.ts, which tests call without a process.
 */
import { commandLine } from './command-line.ts';
import { readSecret } from './provision/read-secret.ts';

// `fieldbench run … | head` closes our output early; that is no fault of ours.
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  if (thrown.code !== 'EPIPE') throw thrown;
});

const stop = new AbortController();
// Once: a second signal ends the process in the ordinary way.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

// Not process.exit(): what was written to a pipe must still get out.
process.exitCode = await commandLine(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  stop: stop.signal,
  env: process.env,
  readSecret: (question) => readSecret(process.stdin, (text) => void process.stderr.write(text), question),
});
