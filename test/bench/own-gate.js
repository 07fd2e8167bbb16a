import {
  certificateType,
  createCredential,
  createTrust,
  createTrustList,
  freshnessPolicies,
  importSigner,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { createAccreditation, parseQuery, readRequestObject } from '@netcert/protocol'
import { packAnswer, unpackChallenge } from '@netcert/protocol/gate'
import { createGate, createLedger, laneKeys, memoryLedgerRows } from '@netcert/verifier/gate'
import { createKeyPair } from './material.js'

const GATE_PASS = 'urn:netcert:gate-pass:1'
const PASSES = 64
const HOUR = 3_600_000
const now = new Date(Math.floor(Date.now() / HOUR) * HOUR)
const later = (ms) => new Date(now.getTime() + ms)
const query = parseQuery({
  credentials: [
    {
      id: 'pass',
      format: 'dc+sd-jwt',
      meta: { vct_values: [GATE_PASS] },
      claims: [{ path: ['age_over_18'], values: [true] }, { path: ['real_person'] }],
    },
  ],
})

/**
 * A lane of a gate and the codes of people in front of it: from the text that the camera read to the
 * verdict, the ledger in memory. What a disk adds to an entry is the disk's.
 */
export async function openGates() {
  const [root, issuer, registrar, venue] = await Promise.all([0, 1, 2, 3].map(createParty))
  const trust = await trustIn({ root, issuer, registrar })
  const lane = await laneOf({ venue, registrar, root })
  const keys = await laneKeys(lane)
  const open = async () => {
    const { event, keepLedgerSeconds } = lane
    const places = { event, keepLedgerSeconds, gate: lane.gate, lane: lane.lane }
    return createGate({
      ...{ lane, keys, trust: () => trust, clock: () => now },
      accreditationStatus: () => new Map(),
      ledger: await createLedger({ rows: memoryLedgerRows(), ...places }),
    })
  }
  let gate = await open()
  const { text } = await gate.challenge()
  const codes = []
  while (codes.length < PASSES) codes.push(await answer(text, issuer.signer))
  return {
    async gateCode(index) {
      const at = index % PASSES
      if (at === 0) gate = await open()
      const { colour } = await gate.judge(codes[at])
      if (colour !== 'green') throw new Error('the gate refuses a good pass')
    },
  }
}

async function createParty() {
  const pair = await createKeyPair()
  return { ...pair, signer: await importSigner(pair.privateJwk) }
}

async function trustIn({ root, issuer, registrar }) {
  const window = { notBefore: later(-24 * HOUR), notAfter: later(365 * 24 * HOUR) }
  const { did } = issuer.signer
  const trustListToken = await createTrustList({
    rootSigner: root.signer,
    content: {
      ...{ sequence: 1, issuedAt: now, expiresAt: later(30 * 24 * HOUR), nextRoot: null },
      registrars: [{ did: registrar.signer.did, ...window }],
      issuers: [
        {
          ...{ did, mechanism: 'did:key', statusUriPrefix: 'https://status.example/' },
          types: [GATE_PASS],
          keys: [{ did, use: 'credential', ...window }],
        },
      ],
    },
  })
  const rootDids = [root.signer.did]
  return createTrust({ trustListToken, rootDids, now, graceSeconds: 0, minimumSequence: 0 })
}

async function laneOf({ venue, registrar, root }) {
  const text = { 'zh-CN': '体育场', en: 'Stadium' }
  const accreditation = await createAccreditation({
    signer: registrar.signer,
    register: { registryUri: 'https://issuer.example/register/', country: 'CN' },
    content: {
      ...{ id: 'a-1', registrar: registrar.signer.did, platformId: 'https://stadium.example' },
      ...{ issuedAt: later(-HOUR), expiresAt: later(20 * 24 * HOUR) },
      ...{ name: text, purpose: text, purposeId: 'entry', requestJwk: venue.publicJwk },
      credentials: [
        { format: 'dc+sd-jwt', vctValues: [GATE_PASS], claims: [['age_over_18'], ['real_person']] },
      ],
      ...{ legalBasis: 'none', maxClaims: 4, retentionSeconds: 0, storesRawClaims: false },
      privacyPolicy: 'https://stadium.example/privacy',
      receiptUri: 'https://stadium.example/response',
      deletionUri: 'https://stadium.example/deletion',
      reportUri: 'https://issuer.example/reports',
      status: null,
    },
  })
  return {
    ...{ venue: text, event: { id: 'e', name: text, endsAt: later(24 * HOUR) } },
    ...{ gate: 'north', lane: '1', kind: 'fact', rotate: 'epoch', poster: false, paper: false },
    ...{ accreditation, query, freshness: freshnessPolicies['grace-24h'], keepLedgerSeconds: 0 },
    clientId: `decentralized_identifier:${venue.signer.did}`,
    platformId: 'https://stadium.example',
    rootDid: root.signer.did,
    requestKey: venue.privateJwk,
    ...{ laneSecret: new Uint8Array(32).fill(3), ledgerKey: new Uint8Array(32).fill(4) },
  }
}

async function answer(challenge, issuer) {
  const { payload } = readRequestObject(unpackChallenge(challenge))
  const { client_id: audience, nonce } = payload
  const holder = await createParty()
  const credential = await createCredential({
    ...{ type: certificateType(GATE_PASS), signer: issuer, holderJwk: holder.publicJwk },
    claims: {
      real_person: 'document+face',
      ...{ age_over_14: true, age_over_18: true, age_over_60: false },
    },
    ...{ issuedAt: later(-HOUR), expiresAt: later(71 * HOUR), status: null },
  })
  const presentation = await createPresentation({
    ...{ credential, audience, nonce, issuedAt: now, signer: holder.signer },
    paths: [['age_over_18'], ['real_person']],
  })
  return packAnswer({ presentation, known: { audience, nonce } })
}
