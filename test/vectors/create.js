// @ts-nocheck A plain script, run by Node as it stands; what it writes is what the tests check.
// Writes the vectors in this folder anew: `npx tsc -b && node test/vectors/create.js`.
// Test keys from public strings; signatures differ from run to run, verdicts do not.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import {
  createJws,
  createKeyBinding,
  digestDisclosure,
  encodeTextBase64Url,
  importSigner,
  joinSdJwt,
} from '@netcert/credential'

const NOW = 1_800_000_000
const AUDIENCE = 'https://verifier.example'
const NONCE = 'netcert-test-nonce'

const issuer = await signerOf('issuer', 'ed25519')
const holder = await signerOf('holder', 'p256')
const attacker = await signerOf('attacker', 'p256')

const encode = (value) => encodeTextBase64Url(JSON.stringify(value))
const digest = (encoded) => digestDisclosure('sha-256', encoded)
const name = encode(['salt-1', 'given_name', 'Mei'])
const over = encode(['salt-2', '18', true])
const ages = encode(['salt-3', 'age_equal_or_over', { _sd: [digest(over)] }])
const element = encode(['salt-4', 'SG'])
const base = {
  iss: issuer.signer.did,
  iat: NOW - 3600,
  exp: NOW + 3600,
  cnf: { jwk: holder.jwk },
}
const claims = {
  ...base,
  _sd: [digest(name), digest(ages), digest('a decoy')],
  lands: ['CN', { '...': digest(element) }],
}
const visible = { ...base, lands: ['CN'] }

const context = {
  now: NOW,
  clock_skew_s: 0,
  allowed_algs: ['ES256', 'EdDSA'],
  allowed_hash_algs: ['sha-256'],
  expected_typ: 'dc+sd-jwt',
  issuer_keys: [{ iss: issuer.signer.did, jwk: issuer.jwk }],
  required_claims: ['iss', 'exp'],
  reject_future_iat: true,
  key_binding: { mode: 'none' },
  limits: { max_total_bytes: 65_536, max_json_depth: 32, max_disclosures: 256 },
}
const bound = {
  ...context,
  key_binding: {
    mode: 'required',
    aud: AUDIENCE,
    nonce: NONCE,
    max_age_s: 300,
    max_future_s: 30,
  },
}

const all = await mint(claims, [name, over, ages, element])
const some = await mint(claims, [over, ages])
const vectors = [
  accept('own-all', all, context, {
    ...visible,
    given_name: 'Mei',
    age_equal_or_over: { 18: true },
    lands: ['CN', 'SG'],
  }),
  accept('own-none', await mint(claims, []), context, visible),
  accept('own-bound', await bind(some), bound, { ...visible, age_equal_or_over: { 18: true } }),
  reject('own-other-key', await mint(claims, [], attacker.signer), context, 'alg_key_mismatch'),
  reject('own-tampered', tamper(await mint(claims, [])), context, 'bad_signature'),
  reject('own-orphan', await mint(claims, [over]), context, 'disclosure_unreferenced'),
  reject('own-twice', await mint(claims, [name, name]), context, 'disclosure_duplicate'),
  reject(
    'own-digest-twice',
    await mint({ ...base, _sd: ['d', 'd'] }, []),
    context,
    'digest_duplicate',
  ),
  reject('own-expired', await mint({ ...base, exp: NOW }, []), context, 'time_expired'),
  reject(
    'own-nested-sd-alg',
    await mint({ ...base, a: { _sd_alg: 'sha-256' } }, []),
    context,
    'reserved_name_misuse',
  ),
  reject(
    'own-weak-hash',
    await mint({ ...base, _sd_alg: 'sha-1' }, []),
    context,
    'sd_alg_unsupported',
  ),
  reject('own-kb-missing', some, bound, 'kb_missing'),
  reject('own-kb-unexpected', await bind(some), context, 'kb_unexpected'),
  reject('own-kb-audience', await bind(some, { audience: `${AUDIENCE}/` }), bound, 'kb_aud'),
  reject('own-kb-nonce', await bind(some, { nonce: 'another' }), bound, 'kb_nonce'),
  reject(
    'own-kb-old',
    await bind(some, { issuedAt: new Date((NOW - 301) * 1000) }),
    bound,
    'kb_iat',
  ),
  reject('own-kb-key', await bind(some, { signer: attacker.signer }), bound, 'kb_signature'),
  reject('own-kb-claim-cut', (await bind(some)).replace(`${over}~`, ''), bound, 'kb_sd_hash'),
]

write('sd-jwt', vectors)
write('did-key', [issuer, holder, attacker].flatMap(didVectors))

async function mint(payload, disclosures, signer = issuer.signer) {
  return joinSdJwt(await createJws({ header: { typ: 'dc+sd-jwt' }, payload, signer }), disclosures)
}

async function bind(sdJwt, changes = {}) {
  const keyBinding = await createKeyBinding({
    boundText: sdJwt,
    hashAlgorithm: 'sha-256',
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: new Date((NOW - 10) * 1000),
    signer: holder.signer,
    claims: {},
    ...changes,
  })
  return sdJwt + keyBinding
}

function tamper(text) {
  const [header, payload, signature] = text.split('.')
  const changed = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [header, encode({ ...changed, exp: changed.exp + 1 }), signature].join('.')
}

function accept(id, sdJwt, context, processed) {
  const expect = { verdict: 'accept', processed_payload: processed }
  return { id, op: 'verify', input: { sd_jwt: sdJwt }, context, expect, level: 'MUST' }
}

function reject(id, sdJwt, context, reason) {
  const expect = { verdict: 'reject', reason }
  return { id, op: 'verify', input: { sd_jwt: sdJwt }, context, expect, level: 'MUST' }
}

function didVectors({ jwk, signer: { did, keyId } }, at) {
  return [
    {
      id: `own-did-${at}`,
      op: 'resolve',
      input: { did },
      expect: { verdict: 'accept', kid: keyId, jwk },
    },
    { id: `own-jwk-${at}`, op: 'encode', input: { jwk }, expect: { verdict: 'accept', did } },
    {
      id: `own-did-blank-${at}`,
      op: 'resolve',
      input: { did: `${did} ` },
      expect: { verdict: 'reject', reason: 'invalid_did' },
    },
  ]
}

function write(family, list) {
  const folder = new URL(`${family}/`, import.meta.url)
  mkdirSync(folder, { recursive: true })
  const text = JSON.stringify({ family, file: 'own.json', vectors: list }, null, 1)
  writeFileSync(new URL('own.json', folder), `${text}\n`)
}

/** A key anybody can make again: the private half is the hash of a public string. */
async function signerOf(role, kind) {
  const secret = createHash('sha256').update(`netcert test key ${role}`).digest()
  const key = kind === 'ed25519' ? ed25519(secret) : p256(secret)
  const { d } = key.export({ format: 'jwk' })
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
  const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
  return { jwk, signer: await importSigner({ ...jwk, d }) }
}

function ed25519(secret) {
  // RFC 8410 §7
  const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

function p256(secret) {
  // SEC 1 appendix C.4, wrapped as PKCS #8 (RFC 5958)
  const inner = Buffer.concat([Buffer.from('30250201010420', 'hex'), secret])
  const algorithm = Buffer.from('301306072a8648ce3d020106082a8648ce3d030107', 'hex')
  const body = Buffer.concat([
    Buffer.from('020100', 'hex'),
    algorithm,
    Buffer.of(0x04, inner.length),
    inner,
  ])
  const key = Buffer.concat([Buffer.of(0x30, body.length), body])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}
