/** What is asked of `T`, and waits for an answer; nothing in it answers at once. */
export type Waiting<T> = {
  [Name in keyof T]: T[Name] extends (...given: never[]) => Promise<unknown> ? T[Name] : never
}

/**
 * Stands for an object whose code comes when the first of its acts is asked for.
 *
 * @param load - Asked for every act; where it fails, the act does.
 * @param atOnce - Acts that are answered without it.
 */
export function askedLater<T extends object>(
  load: () => Promise<T>,
  atOnce: Partial<Waiting<T>> = {},
): Waiting<T> {
  return new Proxy(atOnce, {
    get(known, name) {
      if (Object.hasOwn(known, name)) return Reflect.get(known, name)
      // A promise that is given this must not take it for another promise.
      if (typeof name !== 'string' || name === 'then') return undefined
      return async (...given: unknown[]) => {
        const whole = await load()
        const act: unknown = Reflect.get(whole, name, whole)
        if (typeof act !== 'function') throw new TypeError(`nobody knows how to ${name}`)
        return (act as (...given: unknown[]) => unknown).apply(whole, given)
      }
    },
  }) as Waiting<T>
}
