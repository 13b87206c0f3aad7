/**
 * What a person corrects of a sealed run that the server refused, and the body that is sent because of it.
 *
 * The sealed bytes stay as they are; what is sent follows from them and from the corrections, whose exact texts are
 * links of the station's chain (storage/store/chain.ts). Pure. Knows nothing of who asks and what is stored.
 */
export interface Correction {
  readonly serial_number?: string;
  readonly procedure_id?: string;
  /** Who corrected it, as the person wrote it. */
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

interface Body {
  readonly serial_number: string;
  readonly procedure_id: string;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** @param texts each the JSON text of a correction, the oldest first */
export function correctedBody(sealed: string, texts: readonly string[]): string {
  if (texts.length === 0) return sealed;
  const body = texts
    .map((text) => JSON.parse(text) as Correction)
    .reduce((before, correction) => corrected(before, correction), JSON.parse(sealed) as Body);
  return JSON.stringify(body);
}

function corrected(body: Body, { serial_number: serial, procedure_id: procedure, by, at }: Correction): Body {
  return {
    ...body,
    ...(serial === undefined ? {} : { serial_number: serial }),
    ...(procedure === undefined ? {} : { procedure_id: procedure }),
    metadata: {
      // What was sealed first stays said, however often it is corrected.
      ...(serial === undefined ? {} : { serial_number_original: body.serial_number }),
      ...(procedure === undefined ? {} : { procedure_id_original: body.procedure_id }),
      ...body.metadata,
      corrected_by: by,
      corrected_at: at,
    },
  };
}
