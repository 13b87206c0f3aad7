/**
 * From a path on this origin to an address of the API, or nothing.
 *
 * The configured base is all that can ever be reached: whatever another server might read as a way out of it (dots,
 * slashes in disguise, control characters) is refused here instead of trusted there. Knows nothing of HTTP.
 */
const PREFIX = '/tofupilot/v2/';

/**
 * @param base the API's base, no slash at its end
 * @param requested the request's address on this origin
 * @returns undefined when the path is not one of the API's
 */
export function apiAddress(base: string, requested: URL): URL | undefined {
  if (!requested.pathname.startsWith(PREFIX)) return undefined;
  const segments = requested.pathname.slice(PREFIX.length).replace(/\/$/, '').split('/');
  if (!segments.every(isPlain)) return undefined;
  const root = new URL(`${base}/v2/`);
  const address = new URL(`${root.href}${segments.join('/')}${requested.search}`);
  return isInside(root, address) ? address : undefined;
}

/** Whether an address lies under the base; its own `..` are resolved by then. */
export function isInside(root: URL, address: URL): boolean {
  return (
    address.origin === root.origin &&
    address.pathname.startsWith(root.pathname) &&
    !address.username &&
    !address.password
  );
}

function isPlain(segment: string): boolean {
  try {
    const name = decodeURIComponent(segment);
    // A percent sign that is left over is an escape inside an escape: somebody would decode it once more.
    return name !== '' && !/^\.+$/.test(name) && !/[/\\%\p{Cc}]/u.test(name);
  } catch {
    return false;
  }
}
