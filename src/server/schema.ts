/**
 * The JSON Schema of the procedure format, for editors anywhere: public, and asked for again only once an hour.
 *
 * Knows nothing of procedures beyond that.
 */
import { procedureSchemaText } from '#procedure/schema/procedure-schema.ts';
import { alreadyHeld, tagOf } from '#server/entity-tag.ts';

/** An editor asks with every file that it opens; a new version of the app may wait an hour. */
const FRESH_S = 3600;

const text = procedureSchemaText();
const headers = {
  'cache-control': `public, max-age=${FRESH_S}`,
  'content-type': 'application/schema+json',
  etag: tagOf(text),
  // Editors that are web pages; the schema is the same for everybody and says nothing of anybody.
  'access-control-allow-origin': '*',
};

export function answerSchema(request: Request): Response {
  if (alreadyHeld(request.headers.get('if-none-match'), headers.etag))
    return new Response(null, { status: 304, headers });
  return new Response(text, { headers });
}
