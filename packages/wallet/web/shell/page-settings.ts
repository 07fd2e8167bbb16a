import { isJsonObject, parseJson } from '@netcert/credential'
import { readOwnFile } from '../own-origin.js'
import type { PageSettings } from './ground.js'

const FILE = './wallet.json'

/**
 * What whoever serves the page says about the issuer. The service worker keeps it, so it is there without a
 * network too.
 *
 * @throws TypeError when it is missing or not of its form
 */
export async function readPageSettings(): Promise<PageSettings> {
  const value = parseJson(await readOwnFile(FILE), { maxDepth: 8 })
  const { issuer, allow_http_loopback: loopback } = isJsonObject(value) ? value : {}
  const { root, base_url: baseUrl, name } = isJsonObject(issuer) ? issuer : {}
  const { 'zh-CN': zh, en } = isJsonObject(name) ? name : {}
  const isText = (text: unknown): text is string => typeof text === 'string' && text !== ''
  if (!isText(root) || !isText(baseUrl) || !isText(zh) || !isText(en)) {
    throw new TypeError('wallet.json is not of its form')
  }
  return {
    issuer: { root, baseUrl: baseUrl.replace(/\/$/, ''), name: { 'zh-CN': zh, en } },
    allowHttpLoopback: loopback === true,
  }
}
