import { verifyKeyProof } from '@netcert/protocol'
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
  const request = JSON.parse(asked.body) as Json
  if (behaviour.credentialError !== null) return answer({ error: behaviour.credentialError }, 400)
  const jwts = (request['proofs'] as { jwt: string[] }).jwt
  const proofs = await Promise.all(
    jwts.map((proof) =>
      verifyKeyProof(proof, {
        audience: ground.issuer,
        now: ground.clock(),
        maxAgeSeconds: 300,
        clientId: client.clientId,
      }),
    ),
  )
  const [first] = proofs
  const isFresh = first?.nonce !== undefined && state.nonces.delete(first.nonce)
  const isOne = new Set(proofs.map(({ nonce }) => nonce)).size === 1
  if (behaviour.refusedNonces > 0 || !isFresh || !isOne) {
    behaviour.refusedNonces -= 1
    return answer({ error: 'invalid_nonce', error_description: 'secret detail' }, 400)
  }
  if (behaviour.deferrals > 0) {
    const id = fresh(ground, 'transaction')
    state.deferred.set(id, { request, left: behaviour.deferrals })
    return answer({ transaction_id: id, interval: 5 }, 202)
  }
  answer(await issue(ground, request))
}

async function issue(ground: VciIssuer, request: Json): Promise<Json> {
  const { behaviour, domain } = ground
  const jwts = (request['proofs'] as { jwt: string[] }).jwt
  const minted = await Promise.all(
    jwts.map((proof) => {
      const header = JSON.parse(Buffer.from(proof.split('.')[0] ?? '', 'base64url').toString())
      const status = behaviour.statusIndex === undefined ? {} : { status: behaviour.statusIndex }
      const expiresAt = new Date(ground.clock().getTime() + 7 * 86_400_000)
      return domain.mint({ jwk: header.jwk, expiresAt, ...status })
    }),
  )
  const credentials = (await behaviour.credentials(minted)).map((credential) => ({ credential }))
  return { credentials, notification_id: fresh(ground, 'notification'), unknown_member: true }
}

export async function answerDeferredRequest(
  ground: VciIssuer,
  asked: Asked,
  answer: Answer,
): Promise<void> {
  if ((await clientOf(ground, asked, answer)) === null) return
  const { transaction_id: id } = JSON.parse(asked.body) as { transaction_id: string }
  const { deferredError } = ground.behaviour
  if (deferredError !== null) return answer({ error: deferredError }, 400)
  const transaction = ground.state.deferred.get(id)
  if (transaction === undefined) return answer({ error: 'invalid_transaction_id' }, 400)
  transaction.left -= 1
  if (transaction.left > 0) return answer({ transaction_id: id, interval: 5 }, 202)
  ground.state.deferred.delete(id)
  answer(await issue(ground, transaction.request))
}
