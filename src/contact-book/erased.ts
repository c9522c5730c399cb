/** What stands in the place of a personal value once its owner asked to be forgotten. It equals no address. */
export type Erased = { readonly erased: true };

/** A value that belongs to a person: still readable, or erased. */
export type Personal = string | Erased;

export const ERASED: Erased = Object.freeze({ erased: true });

/** Whether `value` is the erased form; it recognises copies too, such as one that was read from JSON. */
export function isErased(value: unknown): value is Erased {
  return typeof value === 'object' && value !== null && 'erased' in value && value.erased === true;
}
