import {
  certificateType,
  createBatch,
  createCredential,
  createTrust,
  freshnessPolicies,
  importSigner,
  NETWORK_CERTIFICATE,
  verifyPresentation,
  withStatusLists,
} from '@netcert/credential'
import { createPresentation, inspectCredential } from '@netcert/credential/holder'
import { CLAIMS, PATHS } from '../material.js'
import { openGates } from '../own-gate.js'
import { openNumbers } from '../own-numbers.js'
import { openStatus } from '../own-status.js'
import { measureLatency, measureMemory } from '../own-processes.js'

/** netcert as an issuer, a wallet and a platform call it: the public names, every check on. */
export async function open(material) {
  const { trust, demands, ...verifier } = await openVerifier(material)
  return {
    ...verifier,
    ...(await openIssuer(material)),
    ...(await openWallet(material)),
    ...(await openStatus(material)),
    ...(await openNumbers(material, { trust, demands })),
    ...(await openGates()),
    latency: (count) => measureLatency(verifier.verify, count),
    memory: (count) => measureMemory(verifier.verify, count),
  }
}

async function openVerifier(material) {
  const { trustList, strangersTrustList, rootDid, lists, audience, nonce } = material
  const now = new Date()
  const trustFrom = async (trustListToken, statusList) => {
    const trust = await createTrust({
      trustListToken,
      rootDids: [rootDid],
      now,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    if (statusList === undefined) return trust
    const loaded = await withStatusLists(trust, [statusList], now)
    if (loaded.refused.length > 0) throw loaded.refused[0].error
    return loaded.trust
  }
  const short = await trustFrom(trustList, lists.short)
  const long = await trustFrom(trustList, lists.long)
  const strangers = await trustFrom(strangersTrustList)
  const demands = (expected) => ({
    audience,
    nonce: expected,
    keyBindingMaxAgeSeconds: 3600,
    now: new Date(),
    freshness: freshnessPolicies['grace-24h'],
    types: [NETWORK_CERTIFICATE],
    claimSets: [PATHS.map((path) => ({ path }))],
    platform: null,
  })
  const ask = (presentation, expected = nonce) =>
    verifyPresentation(short, presentation, demands(expected))
  const refused = (trust, expected) => async (index) => {
    try {
      await verifyPresentation(trust, material.presentation(index), demands(expected))
    } catch {
      return
    }
    throw new Error('accepted what must be refused')
  }
  return {
    trust: short,
    demands,
    ask,
    verify: (index) => ask(material.presentation(index)),
    verifyLong: (index) => verifyPresentation(long, material.presentation(index), demands(nonce)),
    refuseNonce: refused(short, 'another nonce'),
    refuseIssuer: refused(strangers, nonce),
  }
}

async function openIssuer(material) {
  const type = certificateType(NETWORK_CERTIFICATE)
  const signer = await importSigner(material.issuer.privateJwk)
  const issuedAt = new Date()
  const expiresAt = new Date(Date.now() + 30 * 86_400_000)
  const holderJwk = (index) => material.holders[index % material.holders.length].publicJwk
  const status = (index) => ({ uri: material.statusUri, index: index % 1000 })
  return {
    issue: (index) =>
      createCredential({
        type,
        signer,
        holderJwk: holderJwk(index),
        claims: CLAIMS,
        issuedAt,
        expiresAt,
        status: status(index),
      }),
    issueTen: (index) => {
      const copies = []
      for (let copy = index; copy < index + 10; copy += 1) {
        copies.push({ holderJwk: holderJwk(copy), status: status(copy) })
      }
      return createBatch({ type, signer, claims: CLAIMS, issuedAt, expiresAt, copies })
    },
  }
}

async function openWallet(material) {
  const { audience, nonce } = material
  const copies = []
  for (const [index, { privateJwk }] of material.holders.entries()) {
    const credential = material.credential(index)
    const held = await inspectCredential(credential)
    copies.push({ credential, held, signer: await importSigner(privateJwk) })
  }
  const presentFrom = (form) => (index) => {
    const copy = copies[index % copies.length]
    return createPresentation({
      credential: copy[form],
      paths: PATHS,
      signer: copy.signer,
      audience,
      nonce,
      issuedAt: new Date(),
    })
  }
  return { present: presentFrom('held'), presentFromText: presentFrom('credential') }
}
