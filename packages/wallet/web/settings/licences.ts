import { isJsonArray, isJsonObject, parseJson } from '@netcert/credential'
import { readOwnFile } from '../own-origin.js'

/** Software of which code is in this page. */
export type BundledSoftware = {
  readonly name: string
  /** '' where it is told by no package. */
  readonly version: string
  /** By its SPDX identifier. */
  readonly licence: string
  readonly text: string
}

/** Written by the build, from what it put into the page. */
const FILE = './licences.json'

/**
 * Whose software is in this page, and under which licences; kept with the page, so no network is needed.
 *
 * @throws TypeError when the list is missing or not of its form
 */
export async function readLicences(): Promise<readonly BundledSoftware[]> {
  const list = parseJson(await readOwnFile(FILE), { maxDepth: 8 })
  const { packages, texts } = isJsonObject(list) ? list : {}
  if (!isJsonArray(packages) || !isJsonArray(texts)) throw malformed()
  return packages.map((one) => {
    const { name, version, licence, text } = isJsonObject(one) ? one : {}
    const words = typeof text === 'number' ? texts[text] : undefined
    if (!isText(name) || !isText(version) || !isText(licence) || !isText(words)) throw malformed()
    return { name, version, licence, text: words }
  })
}

const isText = (value: unknown): value is string => typeof value === 'string'

const malformed = () => new TypeError('licences.json is not of its form')
