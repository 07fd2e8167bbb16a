import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Beside the page, which asks for it when somebody wants to read it. */
const FILE = 'licences.json'
/** Software inside a package that is no package of its own. */
const WITHIN = { 'zxing-wasm': [{ name: 'zxing-cpp', version: '', licence: 'Apache-2.0' }] }

/**
 * Writes down whose software a page is built of, each with its licence: every package of which code is
 * in the page or in one of its workers, and no other.
 *
 * @param {string} root - Of the repository.
 * @returns {{ page: import('vite').Plugin, worker: import('vite').Plugin }}
 */
export function bundledLicences(root) {
  /** @type {Set<string>} */
  const folders = new Set()
  return {
    page: {
      name: 'netcert-licences',
      apply: 'build',
      generateBundle(_options, bundle) {
        note(folders, bundle)
        const source = JSON.stringify(licencesOf([...folders].toSorted(), root))
        this.emitFile({ type: 'asset', fileName: FILE, source })
      },
    },
    // Built by itself, and before the page is.
    worker: {
      name: 'netcert-licences-of-workers',
      apply: 'build',
      generateBundle: (_options, bundle) => note(folders, bundle),
    },
  }
}

/**
 * @param {Set<string>} folders
 * @param {import('vite').Rolldown.OutputBundle} bundle
 */
function note(folders, bundle) {
  for (const part of Object.values(bundle)) {
    if (part.type !== 'chunk') continue
    for (const [id, { renderedLength }] of Object.entries(part.modules)) {
      const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/'))
      if (folder !== null && renderedLength > 0) folders.add(folder[0])
    }
  }
}

/**
 * Each text once: many have the same.
 *
 * @param {readonly string[]} folders
 * @param {string} root
 */
function licencesOf(folders, root) {
  /** @type {string[]} */
  const texts = []
  /** @param {string} text */
  const indexOf = (text) => (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1)
  const apache = readFileSync(join(root, 'LICENSE'), 'utf8')
  const { version, license } = readPackage(root)
  const packages = [{ name: 'netcert', version, licence: license, text: indexOf(apache) }]
  for (const folder of folders) {
    const own = readPackage(folder)
    const text = licenceText(folder) ?? (own.license === 'Apache-2.0' ? apache : null)
    if (text === null) throw new Error(`${own.name} has no licence that could go with the page`)
    packages.push({
      ...{ name: own.name, version: own.version, licence: own.license, text: indexOf(text) },
    })
    for (const part of WITHIN[own.name] ?? []) packages.push({ ...part, text: indexOf(apache) })
  }
  return { packages, texts }
}

/** @param {string} folder */
function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/**
 * Its licence, and what Apache's has to be handed on with it.
 *
 * @param {string} folder
 */
function licenceText(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const found = ['licen[cs]e', 'notice'].flatMap((word) => {
    const name = names.find((it) => new RegExp(`^${word}(\\.(md|txt))?$`, 'i').test(it))
    return name === undefined ? [] : [readFileSync(join(folder, name), 'utf8').trim()]
  })
  return found.length === 0 ? null : found.join('\n\n')
}
