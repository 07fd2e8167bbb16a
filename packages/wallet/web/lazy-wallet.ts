import { askedLater, type Wallet } from '@netcert/wallet/rules'

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

/**
 * A wallet whose rules come when they are first asked for; what is given beside is answered at once.
 *
 * @param load - Asked again and again; gives the same wallet.
 */
export function walletWhenAsked(
  load: () => Promise<Wallet>,
  atOnce: Pick<Wallet, 'list' | 'pauses' | 'remaining'>,
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
