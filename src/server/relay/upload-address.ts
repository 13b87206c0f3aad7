/**
 * Answers that open an upload: the storage's address becomes one of this origin's.
 *
 * The app may speak to its own origin only (Content-Security-Policy), and the storage answers no preflight. All that
 * is changed in the answer is `upload_url`. Knows nothing of the upload itself.
 */
import { apiError } from '#server/api-error.ts';
import { towardsBrowser } from '#server/relay/relay-headers.ts';
import type { UploadTokens } from '#server/relay/upload-token.ts';
import type { Answered } from '#server/relay/upstream.ts';

const STARTS_UPLOAD = /\/v2\/(?:(?:runs|units)\/[^/]+\/)?attachments$/i;
/** An id and an address; anything longer is not the answer that we know. */
const LONGEST_ANSWER_BYTES = 1024 * 1024;

export function startsUpload(method: string, address: URL): boolean {
  return method === 'POST' && STARTS_UPLOAD.test(address.pathname);
}

export async function sealUploadAddress(answer: Answered, origin: string, tokens: UploadTokens): Promise<Response> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST_ANSWER_BYTES)
        return apiError('BAD_GATEWAY', 'TofuPilot’s answer is too long to be an upload address.');
      chunks.push(chunk);
    }
  } catch {
    return apiError('BAD_GATEWAY', 'TofuPilot’s answer broke off.');
  }
  const text = Buffer.concat(chunks).toString();
  const headers = new Headers(towardsBrowser(answer.headers) as Record<string, string>);
  const success = answer.status >= 200 && answer.status < 300;
  const data = success ? objectIn(text) : undefined;
  if (!data || data['upload_url'] === undefined) return new Response(text, { status: answer.status, headers });
  const address = data['upload_url'];
  if (typeof address !== 'string' || !URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    return apiError('BAD_GATEWAY', 'TofuPilot named an upload address that cannot be used.');
  headers.delete('content-length');
  headers.delete('etag');
  const sealed = { ...data, upload_url: `${origin}/tofupilot/upload/${tokens.seal(address)}` };
  return new Response(JSON.stringify(sealed), { status: answer.status, headers });
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
