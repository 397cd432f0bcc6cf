/**
 * What another language must have for the entries of an English catalogue: the same ids with the same
 * parameters.
 */

/** A sentence may leave a parameter out: Chinese has no plural. */
type TranslatedEntry<English> = English extends (params: infer Params extends object) => string
  ? string | ((params: Params) => string)
  : string;

export type Translation<English> = { readonly [Id in keyof English]: TranslatedEntry<English[Id]> };
