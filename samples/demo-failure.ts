/** Why the demo can't go on, in one line for the person at the terminal. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
