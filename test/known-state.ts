/**
 * Reads what a hook puts into `state` before each test; whoever asks earlier has made a mistake.
 */
export function knownOf<State extends object>(
  state: Partial<State>,
): <Name extends keyof State>(name: Name) => NonNullable<State[Name]> {
  return (name) => {
    const value = state[name]
    if (value === undefined || value === null) throw new TypeError('used before the test began')
    return value
  }
}
