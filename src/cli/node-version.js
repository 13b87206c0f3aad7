/**
 * Refuses a Node that is too old, in one line, before anything else can fail in a less clear way.
 *
 * Called first by start.js, build.js and the test commands. Plain JavaScript without imports, because it has to run
 * on the very Node that it refuses. Knows nothing of what is started afterwards.
 */

/** Vite 8 asks for it; the same floor stands in package.json, `engines`. */
const FLOOR = { major: 20, minor: 19 };

/**
 * @param {string} version `20.19.1`
 * @returns {string} why this version will not do; empty when it will
 */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor)) return '';
  return `fieldbench needs Node ${FLOOR.major}.${FLOOR.minor} or later, and this is Node ${version}: install a newer one from https://nodejs.org and try again.`;
}

/** Ends the process with one line on standard error when this Node is too old. */
export function demandNode() {
  const why = nodeTooOld(process.versions.node);
  if (!why) return;
  console.error(why);
  process.exit(1);
}
