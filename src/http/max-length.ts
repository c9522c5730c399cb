import { ValidateBy } from 'class-validator';

/** At most so many characters, counted as JSON Schema counts them: class-validator's own rule leaves some out. */
export function MaxLength(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'maxLength',
    constraints: [max],
    validator: {
      validate: (value) => typeof value === 'string' && [...value].length <= max,
      defaultMessage: () => `must have at most ${max} characters`,
    },
  });
}
