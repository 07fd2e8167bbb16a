import { IssuerError } from './issuer-error.js'

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Checks a transaction code that somebody chose instead of having one drawn: people choose badly,
 * so that is for trying things out on one's own machine only.
 *
 * @throws IssuerError `tx_code_choice`
 */
export function assertTransactionCode(code: string, baseUrl: string): void {
  if (!/^[A-Za-z0-9]{4,32}$/.test(code)) {
    throw new IssuerError('tx_code_choice', 'A transaction code has 4 to 32 digits or letters.')
  }
  if (LOOPBACK.has(new URL(baseUrl).hostname)) return
  throw new IssuerError(
    'tx_code_choice',
    'A transaction code is chosen at an issuer on this machine only; let it be drawn.',
  )
}
