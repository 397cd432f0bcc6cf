/**
 * Holds a parsed file against the JSON Schema: a value in, every violation out, in schema terms. It knows no positions and
 * words nothing; `explain-violation.ts` does.
 */

import { type Complaint, checkValue, type ValueSchema } from './check-value.ts';
import type { Pointer } from './mark.ts';

/** The parts of a JSON Schema that are read here. */
export interface JsonSchema extends ValueSchema {
  readonly title?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $ref?: string;
}

export interface Violation {
  readonly keyword: string;
  /** Of the value that is wrong, or of the mapping where a key is missing or unknown. */
  readonly pointer: Pointer;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that was violated. */
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** For the keyword `x-kind`. */
  readonly complaint?: Complaint;
}

export interface ShapeValidator {
  readonly schema: JsonSchema;
  /** `part`: a name below `definitions`, or the whole schema. */
  validate(value: unknown, part?: string): readonly Violation[];
}

/** Loads the validator and the cron parser on first use; `--help` never needs them. */
export async function createShapeValidator(schemaText: string): Promise<ShapeValidator> {
  const [{ Ajv }, { validate: isCron }] = await Promise.all([import('ajv'), import('node-cron')]);
  const schema = JSON.parse(schemaText) as JsonSchema & { readonly $id: string };
  const ajv = new Ajv({ allErrors: true, verbose: true, ownProperties: true, strict: false });
  ajv.addVocabulary(['x-range', 'x-expand']);
  const complaints = new WeakMap<object, Complaint>();
  ajv.addKeyword({
    keyword: 'x-kind',
    type: 'string',
    schemaType: 'string',
    errors: true,
    validate: function checkKind(_kind: string, text: string, parent?: object) {
      const complaint = checkValue(text, (parent ?? {}) as ValueSchema, isCron);
      if (complaint === undefined) return true;
      const params = {};
      complaints.set(params, complaint);
      Object.assign(checkKind, { errors: [{ keyword: 'x-kind', message: complaint.message, params }] });
      return false;
    },
  });
  ajv.addSchema(schema);

  function validate(value: unknown, part?: string): readonly Violation[] {
    const check = ajv.getSchema(part === undefined ? schema.$id : `${schema.$id}#/definitions/${part}`);
    if (check === undefined || check(value)) return [];
    return (check.errors ?? []).map((error) => {
      const complaint = complaints.get(error.params);
      return {
        keyword: error.keyword,
        pointer: parsePointer(error.instancePath),
        params: { ...error.params, ...(isOfKey(error) && { propertyName: error.data }) },
        schema: (error.parentSchema ?? {}) as JsonSchema,
        value: error.data,
        ...(complaint && { complaint }),
      };
    });
  }

  return { schema, validate };
}

/** Whether the text that was checked is a key itself; the library marks only errors of its own keywords so. */
function isOfKey(error: { readonly schemaPath: string }): boolean {
  return error.schemaPath.includes('/propertyNames/');
}

function parsePointer(text: string): Pointer {
  if (text === '') return [];
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
