import { createHash } from 'node:crypto'
import { GATE_PASS, type JsonObject, type PublicJwk } from '@netcert/credential'
import { evaluateBlinded } from '@netcert/credential/platform-number'
import {
  createEncryptionKey,
  decryptMessage,
  type EncryptionJwk,
  encryptMessage,
  publicEncryptionJwk,
  verifyKeyProof,
} from '@netcert/protocol'
import { gateClaims } from './trust-domain.js'
import { type Answer, type Asked, fresh, type VciIssuer } from './vci-issuer-behaviour.js'
import { dpopKeyOf } from './vci-issuer-tokens.js'

type Json = Record<string, unknown>

/** Refuses what comes without a good token. @returns who asks, or `null` where it was refused */
async function clientOf(
  ground: VciIssuer,
  asked: Asked,
  answer: Answer,
): Promise<{ clientId: string | null } | null> {
  const [scheme, token = ''] = (asked.headers.authorization ?? '').split(' ')
  const bound = ground.state.accessTokens.get(token)
  const key = await dpopKeyOf(ground, asked, token)
  const refuse = (error: string) => {
    const challenge = `DPoP error="${error}", algs="ES256"`
    answer({}, 401, { 'www-authenticate': challenge, 'dpop-nonce': ground.state.dpopNonce })
    return null
  }
  if ('error' in key) return refuse(key.error)
  if (bound === undefined || bound.jkt !== key.jkt) return refuse('invalid_token')
  return (scheme === 'DPoP') === (bound.jkt !== null) ? bound : refuse('invalid_token')
}

export async function answerCredentialRequest(
  ground: VciIssuer,
  asked: Asked,
  answer: Answer,
): Promise<void> {
  const client = await clientOf(ground, asked, answer)
  if (client === null) return
  const { behaviour, state } = ground
  const request = await readRequest(ground, asked)
  if (behaviour.credentialError !== null) return answer({ error: behaviour.credentialError }, 400)
  const proofs = await readProofs(ground, request, client.clientId)
  const [first] = proofs
  const isFresh = first?.nonce !== undefined && state.nonces.delete(first.nonce)
  const isOne = new Set(proofs.map(({ nonce }) => nonce)).size === 1
  if (behaviour.refusedNonces > 0 || !isFresh || !isOne) {
    behaviour.refusedNonces -= 1
    return answer({ error: 'invalid_nonce', error_description: 'secret detail' }, 400)
  }
  if (behaviour.deferrals > 0) {
    const id = fresh(ground, 'transaction')
    state.deferred.set(id, { proofs, request, left: behaviour.deferrals })
    const content = { transaction_id: id, interval: 5 }
    return answerWith(ground, request, { answer, content, status: 202 })
  }
  const content = await issue(ground, proofs, request)
  await answerWith(ground, request, { answer, content })
}

type Proofs = { jwt?: string[]; attestation?: string[] }
type Proved = { jwk: PublicJwk; nonce: string | undefined }

const payloadOf = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Json

/** The keys a request proves: one by one, or by an attestation for all of them. */
async function readProofs(
  ground: VciIssuer,
  request: Json,
  clientId: string | null,
): Promise<Proved[]> {
  const { jwt = [], attestation = [] } = request['proofs'] as Proofs
  const proved = await Promise.all(
    jwt.map((proof) =>
      verifyKeyProof(proof, {
        audience: ground.issuer,
        now: ground.clock(),
        maxAgeSeconds: 300,
        clientId,
      }),
    ),
  )
  const attested = [...attestation, ...proved.flatMap((proof) => proof.keyAttestation ?? [])]
  if (attested.length === 0) return proved
  return attested.flatMap((token) => {
    const { attested_keys: keys, nonce } = payloadOf(token)
    return (keys as PublicJwk[]).map((jwk) => ({ jwk, nonce: nonce as string | undefined }))
  })
}

async function readRequest({ encryptionKey }: VciIssuer, asked: Asked): Promise<Json> {
  if (asked.headers['content-type'] !== 'application/jwt') return JSON.parse(asked.body) as Json
  const { payload } = await decryptMessage(asked.body, {
    keys: [encryptionKey],
    maxBytes: 100_000,
    maxPlaintextBytes: 100_000,
    allowCompression: true,
  })
  return payload
}

async function answerWith(
  ground: VciIssuer,
  request: Json,
  { answer, content, status = 200 }: { answer: Answer; content: Json; status?: number },
): Promise<void> {
  const { encryptedAnswers } = ground.behaviour
  const asked = request['credential_response_encryption']
  if (asked === undefined || encryptedAnswers === 'plain') return answer(content, status)
  const { jwk, enc } = asked as { jwk: EncryptionJwk; enc: string }
  const other = publicEncryptionJwk(await createEncryptionKey(jwk.kid ?? ''))
  const recipient = encryptedAnswers === 'other key' ? other : jwk
  answer(await encryptMessage({ payload: content, recipient, enc }), status)
}

async function issue(
  ground: VciIssuer,
  proofs: readonly { jwk: PublicJwk }[],
  request: Json,
): Promise<Json> {
  const { behaviour, domain } = ground
  const child = /^(ward-certificate|guardianship):(.+)$/.exec(
    String(request['credential_identifier']),
  )
  if (child !== null)
    return issueAboutWard(ground, proofs, { request, type: child[1]!, name: child[2]! })
  if (request['credential_configuration_id'] === 'gate-pass') return issueGatePasses(ground, proofs)
  const isPlatform = request['credential_configuration_id'] === 'network-certificate-platform'
  const claims = { ...behaviour.claims, ...(isPlatform ? platformClaims(ground, request) : {}) }
  const days = isPlatform ? 30 : 7
  const minted = await Promise.all(
    proofs.slice(0, isPlatform ? 1 : undefined).map(({ jwk }) => {
      const index = behaviour.statusIndex ?? (isPlatform ? 5 : undefined)
      const status = index === undefined ? {} : { status: index }
      const expiresAt = new Date(ground.clock().getTime() + days * 86_400_000)
      return domain.mint({ jwk, expiresAt, claims, ...status })
    }),
  )
  const credentials = (await behaviour.credentials(minted)).map((credential) => ({ credential }))
  return { credentials, notification_id: fresh(ground, 'notification'), unknown_member: true }
}

/** As many copies as keys, good for 72 hours. */
async function issueGatePasses(
  ground: VciIssuer,
  proofs: readonly { jwk: PublicJwk }[],
): Promise<Json> {
  const minted = proofs.map(({ jwk }) =>
    ground.domain.mint({
      jwk,
      vct: GATE_PASS,
      claims: gateClaims,
      expiresAt: new Date(ground.clock().getTime() + 72 * 3_600_000),
    }),
  )
  const credentials = (await Promise.all(minted)).map((credential) => ({ credential }))
  return { credentials, notification_id: fresh(ground, 'notification') }
}

/** One copy for a guardian; the numbers are the child's. */
async function issueAboutWard(
  ground: VciIssuer,
  [first]: readonly { jwk: PublicJwk }[],
  { request, type, name }: { request: Json; type: string; name: string },
): Promise<Json> {
  const { domain, behaviour } = ground
  const isWard = type === 'ward-certificate'
  const { platform_number_blinded: b } = request
  const salt = createHash('sha256').update(name).digest()
  const number =
    typeof b === 'string'
      ? { platform_number: { ...evaluateBlinded({ b, key: behaviour.person.key, salt }) } }
      : {}
  const about = { network_number: '7K2M9Q4T1V8W3X5Y6Z0A42', age_band: '0-13' }
  const credential = await domain.mint({
    jwk: first!.jwk,
    vct: `urn:netcert:${type}:1`,
    expiresAt: new Date(ground.clock().getTime() + (isWard ? 30 : 3) * 86_400_000),
    claims: {
      ...{ rep: 'guardian', real_person: 'document' },
      ...(isWard ? { ...about, ...behaviour.wardClaims } : {}),
      ...number,
    },
    ...(isWard ? { status: 5 } : {}),
  })
  return { credentials: [{ credential }], notification_id: fresh(ground, 'notification') }
}

/** What only a platform's copy says: the blind answer, and a presence check of a moment ago. */
function platformClaims({ behaviour, state }: VciIssuer, request: Json): JsonObject {
  const { platform_number_blinded: b } = request
  const { presenceAt, person } = behaviour
  behaviour.presenceAt = null
  const number =
    typeof b === 'string' ? behaviour.platformNumber(evaluateBlinded({ b, ...person })) : null
  state.lastNumber = number
  return {
    ...(number === null ? {} : { platform_number: { ...number } }),
    ...(presenceAt === null ? {} : { presence_at: presenceAt }),
  }
}

export async function answerDeferredRequest(
  ground: VciIssuer,
  asked: Asked,
  answer: Answer,
): Promise<void> {
  if ((await clientOf(ground, asked, answer)) === null) return
  const question = await readRequest(ground, asked)
  const id = String(question['transaction_id'])
  const { deferredError } = ground.behaviour
  if (deferredError !== null) return answer({ error: deferredError }, 400)
  const transaction = ground.state.deferred.get(id)
  if (transaction === undefined) return answer({ error: 'invalid_transaction_id' }, 400)
  transaction.left -= 1
  if (transaction.left > 0) {
    const content = { transaction_id: id, interval: 5 }
    return answerWith(ground, question, { answer, content, status: 202 })
  }
  ground.state.deferred.delete(id)
  const content = await issue(ground, transaction.proofs, transaction.request)
  await answerWith(ground, question, { answer, content })
}
