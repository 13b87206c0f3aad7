/**
 * The two script addresses that this page may start, as Trusted Types want them.
 *
 * The policy refuses every other address, so that no injected text can become a worker.
 */
interface ScriptPolicy {
  createScriptURL(address: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptPolicy;
}

const ALLOWED = /^\/(sw\.js|assets\/[\w.-]+\.js)$|^\/src\/[\w/-]+\.ts(\?.*)?$/;

function allowed(address: string): string {
  const url = new URL(address, location.href);
  if (url.origin === location.origin && ALLOWED.test(url.pathname)) return address;
  throw new TypeError(`${address} is not a script of this app`);
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
const policy = trustedTypes?.createPolicy('fieldbench', { createScriptURL: allowed });

/** @throws {TypeError} for an address that is not a script of this app */
export function trustedScript(address: string): string {
  return (policy ? policy.createScriptURL(address) : allowed(address)) as string;
}
