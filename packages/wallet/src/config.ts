import { WalletError } from './errors.js'

/** Settings of a wallet from the environment; each variable stands in docs/operations.md. */
export type WalletConfig = {
  readonly dir: string
  readonly listsDir: string | null
  readonly rootDid: string | null
}

/**
 * Reads a wallet's settings.
 *
 * @throws WalletError `config_invalid` naming every problem at once
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): WalletConfig {
  const problems: string[] = []
  const dir = env['NETCERT_WALLET_DIR'] ?? ''
  const rootDid = env['NETCERT_WALLET_ROOT_DID'] ?? null
  if (dir === '') problems.push('NETCERT_WALLET_DIR: name the folder of the wallet')
  if (rootDid !== null && !rootDid.startsWith('did:key:z')) {
    problems.push('NETCERT_WALLET_ROOT_DID: must be a did:key')
  }
  if (problems.length > 0) {
    throw new WalletError('config_invalid', `wrong settings: ${problems.join('; ')}.`)
  }
  return { dir, listsDir: env['NETCERT_WALLET_LISTS_DIR'] ?? null, rootDid }
}
