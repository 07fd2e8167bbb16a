import type { Wallet } from '@netcert/wallet/rules'

/** Members that are no acts but groups of them. */
type Group<T = Wallet> = {
  [Name in keyof T]: T[Name] extends (...given: never[]) => Promise<unknown> ? never : Name
}[keyof T]

/** Named one by one: the compiler asks for each, and for nothing else. */
const groups: Readonly<Record<Group, true>> = {
  cancellations: true,
  vouching: true,
  wards: true,
  moving: true,
  reports: true,
}

/** What is asked of a wallet, and waits for an answer; nothing in it answers at once. */
type Waiting<T> = {
  [Name in keyof T]: T[Name] extends (...given: never[]) => Promise<unknown> ? T[Name] : never
}

/**
 * A wallet whose rules come when they are first asked for; what is given beside is answered at once.
 *
 * @param load - Asked again and again; gives the same wallet.
 */
export function walletWhenAsked(
  load: () => Promise<Wallet>,
  atOnce: Pick<Wallet, 'list' | 'remaining'>,
): Wallet {
  const asked = askedLater<Omit<Wallet, Group>>(load, atOnce)
  const grouped = Object.fromEntries(
    (Object.keys(groups) as Group[]).map((group) => [
      group,
      askedLater<Wallet[Group]>(async () => (await load())[group]),
    ]),
  )
  return new Proxy(asked, {
    get: (target, name, receiver) =>
      typeof name === 'string' && Object.hasOwn(grouped, name)
        ? grouped[name]
        : Reflect.get(target, name, receiver),
  }) as Wallet
}

function askedLater<T extends object>(
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
        if (typeof act !== 'function') throw new TypeError(`a wallet does not know ${name}`)
        return (act as (...given: unknown[]) => unknown).apply(whole, given)
      }
    },
  }) as Waiting<T>
}
