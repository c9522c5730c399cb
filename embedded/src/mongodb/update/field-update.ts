/** Computes the new value of a field from the present one; `missing` removes the field, or leaves it out. */
export type FieldUpdate = (present: unknown) => unknown;
