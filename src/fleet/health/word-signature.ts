/**
 * Which station a word of its health is from: an HMAC over the word, under the token that the station was enrolled with.
 *
 * The token itself stays where it is. Only a server that holds the tokens (`RELAY_KEYS_FILE`) looks at it.
 * @see RFC 2104; RFC 4648, section 5
 */
export const SIGNATURE_HEADER = 'x-fieldbench-signature';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** @param path where it is sent, so that a word for one address is none for another @param body as it is sent, to the byte */
export async function signWord(token: string, path: string, body: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(token), HMAC, false, ['sign']);
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(`${path}\n${body}`)));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
