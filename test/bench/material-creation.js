import {
  certificateType,
  createCredential,
  createTrustList,
  importSigner,
  NETWORK_CERTIFICATE,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { AUDIENCE, CLAIMS, createKeyPair, NONCE, PATHS } from './material.js'
import { fillList, LONG_LIST, signList } from './own-status.js'

const STATUS_URI = 'https://status.example/lists/1'
const DAY_MS = 86_400_000

/**
 * One issuer, as many holders as asked for, each with a certificate and a presentation of it, made
 * by netcert: every library that reads SD-JWT verifies these very texts.
 */
export async function createMaterial({ holders: count }) {
  const root = await createParty()
  const issuer = await createParty()
  const stranger = await createParty()
  const holders = []
  while (holders.length < count) holders.push(await createParty())
  const credentials = []
  const presentations = []
  for (const [index, holder] of holders.entries()) {
    const credential = await issueTo(holder, index, issuer.signer)
    credentials.push(credential)
    presentations.push(await presentBy(holder, credential))
  }
  return {
    issuer: withoutSigner(issuer),
    holders: holders.map(withoutSigner),
    rootDid: root.did,
    trustList: await createList(root.signer, issuer.did),
    strangersTrustList: await createList(root.signer, stranger.did),
    lists: {
      short: await signList(fillList(1024), STATUS_URI, issuer.signer),
      long: await signList(fillList(LONG_LIST), STATUS_URI, issuer.signer),
    },
    audience: AUDIENCE,
    nonce: NONCE,
    statusUri: STATUS_URI,
    visible: readVisible(credentials[0]),
    disclosures: credentials[0].split('~').slice(1, -1),
    credentials,
    presentations,
  }
}

async function createParty() {
  const pair = await createKeyPair()
  // One P-256 key in 128 has a coordinate that starts with a zero byte; Veramo cannot resolve it.
  const short = [pair.publicJwk.x, pair.publicJwk.y].some((value) => /^A[A-D]/.test(value))
  if (short) return createParty()
  const signer = await importSigner(pair.privateJwk)
  return { ...pair, did: signer.did, keyId: signer.keyId, signer }
}

const withoutSigner = ({ publicJwk, privateJwk, did, keyId }) => ({
  publicJwk,
  privateJwk,
  did,
  keyId,
})

const issueTo = (holder, index, signer) =>
  createCredential({
    type: certificateType(NETWORK_CERTIFICATE),
    signer,
    holderJwk: holder.publicJwk,
    claims: CLAIMS,
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + 30 * DAY_MS),
    status: { uri: STATUS_URI, index: index % 1000 },
  })

const presentBy = (holder, credential) =>
  createPresentation({
    credential,
    paths: PATHS,
    signer: holder.signer,
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: new Date(),
  })

/** A trust list with one issuer, whose key may sign certificates and status lists. */
function createList(rootSigner, issuerDid) {
  const notBefore = new Date(Date.now() - DAY_MS)
  const notAfter = new Date(Date.now() + 365 * DAY_MS)
  const uses = ['credential', 'status']
  return createTrustList({
    rootSigner,
    content: {
      sequence: 1,
      issuedAt: new Date(),
      expiresAt: new Date(Date.now() + 30 * DAY_MS),
      nextRoot: null,
      issuers: [
        {
          did: issuerDid,
          mechanism: 'did:key',
          statusUriPrefix: 'https://status.example/lists/',
          types: [NETWORK_CERTIFICATE],
          keys: uses.map((use) => ({ did: issuerDid, use, notBefore, notAfter })),
        },
      ],
      registrars: [],
    },
  })
}

/** The always visible claims, for the libraries that issue the same certificate. */
function readVisible(credential) {
  const payload = JSON.parse(Buffer.from(credential.split('.')[1], 'base64url').toString())
  const { iss, vct, iat, exp } = payload
  return { iss, vct, 'vct#integrity': payload['vct#integrity'], iat, exp }
}
