#!/usr/bin/env node
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import {
  certificateTypes,
  createEmptyStatusList,
  createStatusDelta,
  createStatusList,
  createTrustList,
  generateSigner,
  writeStatus,
} from '@netcert/credential'
import { encodePackHeader } from '@netcert/protocol/offline-pack'

/**
 * Offline packs of a whole nation, with real signatures: a full one, and one with the changes of a day.
 *
 *   node test/bench/nation-pack.js <folder> [--lists 954] [--entries 1048576] [--bits 1]
 *
 * Writes `root.did`, `full.ncpack` (pack 1) and `since-1.ncpack` (pack 2) and prints one JSON object:
 * sizes, seconds and peak memory. One list is in memory at a time, as at the issuer.
 */

/**
 * @typedef {object} NationWish
 * @property {string} folder
 * @property {number} [lists] status lists, 954 for 10^9 indices
 * @property {number} [entries] of each list
 * @property {1 | 2} [bits]
 * @property {number} [revokedShare] of all entries
 * @property {number} [changedShare] revoked between the two packs
 * @property {Date} [now]
 */

const PREFIX = 'https://issuer.example/status/'
const DAY_MS = 86_400_000

/**
 * Writes both packs.
 *
 * @param {NationWish} wish
 */
export async function writeNation(wish) {
  const { folder, lists = 954, entries = 2 ** 20, bits = 1 } = wish
  const { revokedShare = 0.01, changedShare = 0.0001, now = new Date() } = wish
  await mkdir(folder, { recursive: true })
  const keys = await makeKeys()
  const began = new Date(now.getTime() - DAY_MS / 2)
  const trustList = await trustListOf(keys, began)
  const full = await openBody(join(folder, '.full.tmp'))
  const delta = await openBody(join(folder, '.delta.tmp'))
  for (const body of [full, delta]) await body.put('trust-list', 'trust-list', trustList)
  for (const { vct, documentText } of certificateTypes.values()) {
    await full.put('type-metadata', vct, documentText)
  }
  const started = performance.now()
  let deltaMs = 0
  for (let list = 1; list <= lists; list += 1) {
    const uri = `${PREFIX}${list}`
    const random = randomFrom(list)
    const before = createEmptyStatusList(bits, entries)
    revoke(before, entries * revokedShare, random)
    const signer = keys.status.signer
    const token = await createStatusList({
      ...{ uri, bits, entries: before.bytes, signer, ...lifeFrom(began) },
    })
    await full.put('status-list', uri, token)
    const begun = performance.now()
    const after = { bits, bytes: new Uint8Array(before.bytes) }
    revoke(after, entries * changedShare, random)
    const text = await createStatusDelta({ uri, before, after, signer, ...lifeFrom(now) })
    await delta.put('status-delta', uri, text)
    deltaMs += performance.now() - begun
  }
  const said = { issuer: keys.issuer.signer.did, signer: keys.pack.signer }
  const fullBytes = await full.seal(join(folder, 'full.ncpack'), {
    ...{ ...said, sequence: 1, kind: 'full', base: null, issuedAt: began },
  })
  const fullMs = performance.now() - started - deltaMs
  const deltaBytes = await delta.seal(join(folder, 'since-1.ncpack'), {
    ...{ ...said, sequence: 2, kind: 'delta', base: 1, issuedAt: now },
  })
  await writeFile(join(folder, 'root.did'), `${keys.root.signer.did}\n`)
  return {
    ...{ keys, rootDid: keys.root.signer.did, prefix: PREFIX, lists, entries, bits },
    ...{ fullBytes, deltaBytes, fullSeconds: fullMs / 1000, deltaSeconds: deltaMs / 1000 },
  }
}

async function makeKeys() {
  const [root, issuer, status, pack] = await Promise.all(
    Array.from({ length: 4 }, () => generateSigner('ES256')),
  )
  return { root, issuer, status, pack }
}

function trustListOf({ root, issuer, status, pack }, issuedAt) {
  const window = {
    notBefore: new Date(issuedAt.getTime() - DAY_MS),
    notAfter: new Date(issuedAt.getTime() + 365 * DAY_MS),
  }
  const listed = (pair, use) => ({ did: pair.signer.did, use, ...window })
  return createTrustList({
    rootSigner: root.signer,
    content: {
      ...{ sequence: 1, issuedAt, nextRoot: null, registrars: [] },
      expiresAt: new Date(issuedAt.getTime() + 30 * DAY_MS),
      issuers: [
        {
          did: issuer.signer.did,
          mechanism: 'did:key',
          statusUriPrefix: PREFIX,
          types: [...certificateTypes.keys()],
          keys: [listed(issuer, 'credential'), listed(status, 'status'), listed(pack, 'pack')],
        },
      ],
    },
  })
}

/** Times of a list that is signed then. */
function lifeFrom(issuedAt) {
  const expiresAt = new Date(issuedAt.getTime() + 7 * DAY_MS)
  return { issuedAt, expiresAt, ttlSeconds: 12 * 3600 }
}

/** Revokes so many more entries, anywhere. */
function revoke(list, count, random) {
  const entries = (list.bytes.length * 8) / list.bits
  for (let n = 0; n < count; n += 1) writeStatus(list, Math.floor(random() * entries), 1)
}

/** A small generator with a seed (mulberry32): the same nation each time, apart from its keys. */
function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Entries of a pack on disk, until the manifest that stands before them is known. */
async function openBody(file) {
  const handle = await open(file, 'w')
  const entries = []
  return {
    async put(type, name, text) {
      const bytes = Buffer.from(text)
      const sha256 = createHash('sha256').update(bytes).digest('base64url')
      entries.push({ type, name, length: bytes.length, sha256 })
      await handle.writeFile(bytes)
    },
    async seal(out, { signer, ...about }) {
      await handle.close()
      const head = await encodePackHeader({ manifest: { ...about, entries }, signer })
      const target = await open(out, 'w')
      await target.writeFile(head)
      await pipeline(createReadStream(file), target.createWriteStream({ start: head.length }))
      await rm(file)
      return head.length + entries.reduce((sum, { length }) => sum + length, 0)
    },
  }
}

function wishOf([folder, ...words]) {
  if (folder === undefined || folder.startsWith('--')) return undefined
  const wish = { folder: resolve(folder) }
  for (let at = 0; at < words.length; at += 2) {
    const name = /^--(lists|entries|bits)$/.exec(words[at] ?? '')?.[1]
    const value = Number(words[at + 1])
    if (name === undefined || !Number.isSafeInteger(value) || value < 1) return undefined
    wish[name] = value
  }
  return wish
}

async function main() {
  const wish = wishOf(process.argv.slice(2))
  if (wish === undefined) {
    console.error('usage: nation-pack.js <folder> [--lists N] [--entries N] [--bits 1|2]')
    return 2
  }
  const { keys: _, ...figures } = await writeNation(wish)
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(JSON.stringify({ ...figures, peakMegabytes }))
  return 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main()
