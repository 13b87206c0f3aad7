/**
 * The addresses that this worker may start as workers, as Trusted Types want them: phase scripts and nothing else.
 */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): unknown };
}

const ALLOWED = /^\/scripts\/[0-9a-f]{64}\/[^?#]+\.js$/;

function allowed(address: string): string {
  if (ALLOWED.test(address)) return address;
  throw new TypeError(`${address} is no phase script`);
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
const policy = trustedTypes?.createPolicy('fieldbench', { createScriptURL: allowed });

/** @throws {TypeError} for an address that is no phase script */
export function trustedScript(address: string): string {
  return (policy ? policy.createScriptURL(address) : allowed(address)) as string;
}
