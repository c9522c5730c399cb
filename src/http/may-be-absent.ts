import { ValidateIf } from 'class-validator';

/** The field may be absent, but not null: `IsOptional` would let null through. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
