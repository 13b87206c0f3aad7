/** What the API's own schema says of one measurement. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const schema = JSON.parse(
  readFileSync(new URL('../../fixtures/tofupilot-v2.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (into: Ajv2020) => void)(ajv);
ajv.addSchema(schema, 'api');
const isValid = ajv.compile({ $ref: 'api#/$defs/Measurement' });

/** @returns what is wrong with it; empty when it is valid */
export function validMeasurement(measurement: object): string[] {
  return isValid(measurement)
    ? []
    : (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
