import { readIssuerConfig } from '../config.js'
import { dataFolder } from '../data-folder.js'

/** Where a revocation code is entered: for its paper. @throws IssuerError `not_initialised`, `config_malformed` */
export async function revocationPageOf(dir: string): Promise<string> {
  const { base_url: baseUrl } = await readIssuerConfig(dataFolder(dir).config)
  return `${baseUrl}/revoke`
}
