import type { DIDManager } from '@veramo/did-manager'

type GetOrCreate = DIDManager['methods']['didManagerGetOrCreate']

/**
 * Makes `didManagerGetOrCreate` give one identifier however many ask at once. Veramo looks, then
 * creates: eight parallel calls left seven orphan keys. Calls of this process share one attempt;
 * another process that was first is noticed by the taken alias, and its identifier is given.
 */
export function guardGetOrCreate(manager: DIDManager): DIDManager {
  const { methods } = manager
  const upstream = methods.didManagerGetOrCreate
  const under = new Map<string, ReturnType<GetOrCreate>>()
  methods.didManagerGetOrCreate = (args, context) => {
    const { alias } = args
    const known = under.get(alias)
    if (known !== undefined) return known
    const attempt = upstream(args, context)
      // Whatever stopped it, an identifier of this alias may be there by now; if not, it stops again.
      .catch(() => upstream(args, context))
      .finally(() => under.delete(alias))
    under.set(alias, attempt)
    return attempt
  }
  return manager
}
