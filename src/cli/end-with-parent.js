/**
 * Ends this process when the one that started it has gone.
 *
 * npm runs a script through a shell, and a signal sent to npm ends that shell without reaching the script. Above it:
 * start.js and the test runner. Knows nothing of what is ended.
 */

/** Short beside the five seconds in which SIGTERM must have ended everything. */
const LOOK_EVERY_MS = 250;

/** Only under npm: whoever starts a script directly may well leave it alone on purpose. */
export function endWithParent() {
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}
