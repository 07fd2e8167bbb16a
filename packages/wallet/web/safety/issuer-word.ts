import type { Ground } from '../shell/ground.js'
import { inLanguage } from '../texts/language.js'

/** The issuer of this wallet by its name, another by its host, or as it calls itself. */
export function issuerWord({ settings }: Pick<Ground, 'settings'>, address: string): string {
  const { name, baseUrl } = settings.issuer
  if (address === baseUrl || address.startsWith(`${baseUrl}/`)) return inLanguage(name)
  return /^https?:/.test(address) && URL.canParse(address) ? new URL(address).host : address
}
