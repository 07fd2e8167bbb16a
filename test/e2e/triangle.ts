import { jsonOf, netcert, temporaryFolder } from './netcert-process.js'

/** The platform of the tests. */
export const AUDIENCE = 'https://tickets.example'

/** An issuer with four adult citizens, made by the real commands. */
export type Ground = {
  readonly folder: ReturnType<typeof temporaryFolder>
  readonly issuer: string
  readonly citizens: readonly string[]
}

/** Sets an issuer up and imports four citizens: the first four of a sample are adults. */
export async function makeGround(): Promise<Ground> {
  const folder = temporaryFolder()
  const issuer = folder.at('issuer')
  jsonOf(await netcert(['init', '--dir', issuer, '--json']))
  const people = folder.at('people.csv')
  jsonOf(await netcert(['citizens', 'sample', '--count', '4', '--out', people, '--json']))
  jsonOf(await netcert(['citizens', 'import', people, '--dir', issuer, '--json']))
  const list = await netcert(['citizens', 'list', '--dir', issuer, '--json'])
  const { citizens } = jsonOf<{ citizens: { reference: string }[] }>(list)
  return { folder, issuer, citizens: citizens.map(({ reference }) => reference) }
}

/** What `mint --json` prints. */
export type Minted = { readonly batch: string; readonly copies: number; readonly wallet: string }

/** Mints into a wallet below the ground's folder. */
export async function mint(ground: Ground, wallet: string, ...more: string[]): Promise<Minted> {
  const citizen = ground.citizens[0] ?? ''
  const args = ['--dir', ground.issuer, '--citizen', citizen, '--to-wallet', wallet, '--json']
  return jsonOf<Minted>(await netcert(['mint', ...args, ...more]))
}

/** Publishes and gives the folder. */
export async function publish(ground: Ground, out = ground.folder.at('public')): Promise<string> {
  jsonOf(await netcert(['publish', '--now', '--dir', ground.issuer, '--out', out, '--json']))
  return out
}

/** Presents age over 18 from a wallet and gives the presentation. */
export async function present(wallet: string, nonce: string, ...more: string[]): Promise<string> {
  const args = ['--dir', wallet, '--query', 'age-over-18', '--audience', AUDIENCE, '--nonce', nonce]
  const run = await netcert(['wallet', 'present', ...args, '--json', ...more])
  return jsonOf<{ presentation: string }>(run).presentation
}

/** The options of `verify` for a ground whose lists were published. */
export function verifyOptions(ground: Ground, nonce: string): string[] {
  return [
    ...['--trust', `${ground.issuer}/root.did`, '--lists', ground.folder.at('public')],
    ...['--audience', AUDIENCE, '--nonce', nonce, '--query', 'age-over-18'],
  ]
}
