import {
  type ClaimDemand,
  type ClaimPath,
  certificateType,
  createCredential,
  createDidKey,
  createTrust,
  decodeBase64Url,
  freshnessPolicies,
  type JsonObject,
  type PublicJwk,
  resolveDidKey,
  type Signer,
  type StatusReference,
  verifyPresentation,
  withStatusLists,
} from '@netcert/credential'
import { createPresentation, inspectCredential } from '@netcert/credential/holder'
import type {
  IAgentContext,
  IAgentPlugin,
  IDIDManager,
  IKeyManager,
  IPluginMethodMap,
} from '@veramo/core-types'
import { AgentError } from './errors.js'
import { sdJwtVcSchema } from './sd-jwt-vc-schema.js'

type Context = IAgentContext<IKeyManager & IDIDManager>

export type SdJwtVcMintArgs = {
  /** did:key of the issuer, managed by the agent. */
  readonly issuer: string
  /** The `vct`. */
  readonly type: string
  /** The holder's key, whose possession the caller has had proven. */
  readonly holderJwk: PublicJwk
  readonly claims: JsonObject
  /** ISO 8601; rounded down to the hour. */
  readonly expiresAt: string
  readonly status?: StatusReference
}

export type SdJwtVcPresentArgs = {
  readonly credential: string
  readonly paths: readonly ClaimPath[]
  readonly audience: string
  readonly nonce: string
}

export type SdJwtVcVerifyArgs = {
  readonly presentation: string
  readonly trust: {
    readonly trustList: string
    readonly rootDids: readonly string[]
    readonly minimumSequence: number
    readonly statusLists: readonly string[]
  }
  readonly demands: {
    readonly audience: string
    readonly nonce: string
    readonly maxAgeSeconds: number
    readonly freshness: keyof typeof freshnessPolicies
    readonly types: readonly string[]
    readonly claimSets: readonly (readonly ClaimDemand[])[]
  }
}

export type SdJwtVcVerifyResult = {
  readonly issuer: string
  readonly vct: string
  readonly claims: JsonObject
  readonly issuedAt: string
  readonly expiresAt: string
  readonly holderKey: string
  readonly role: 'self' | 'guardian'
  readonly freshness: { readonly verdict: string; readonly reason: string; readonly asOf: string }
}

/** Network certificates as methods of a Veramo agent; everything in and out is plain JSON. */
export interface ISdJwtVc extends IPluginMethodMap {
  /** @throws AgentError `did_unknown`; CredentialError as `createCredential`. */
  sdJwtVcMint(args: SdJwtVcMintArgs, context: Context): Promise<{ credential: string }>
  /** The holder's key must be the agent's. @throws as `createPresentation`, and `did_unknown`. */
  sdJwtVcPresent(args: SdJwtVcPresentArgs, context: Context): Promise<{ presentation: string }>
  /** @throws CredentialError as `createTrust`, `withStatusLists` and `verifyPresentation`. */
  sdJwtVcVerify(args: SdJwtVcVerifyArgs, context: Context): Promise<SdJwtVcVerifyResult>
}

/**
 * The plugin that gives a Veramo agent network certificates. It signs through the agent's own
 * KeyManager, so that a key may live in any key management system.
 */
export class SdJwtVcPlugin implements IAgentPlugin {
  readonly schema = sdJwtVcSchema
  readonly methods: ISdJwtVc
  readonly #clock: () => Date

  constructor(options: { readonly clock: () => Date }) {
    this.#clock = options.clock
    this.methods = {
      sdJwtVcMint: (args, context) => this.#mint(args, context),
      sdJwtVcPresent: (args, context) => this.#present(args, context),
      sdJwtVcVerify: (args) => this.#verify(args),
    }
  }

  async #mint(args: SdJwtVcMintArgs, context: Context): Promise<{ credential: string }> {
    const credential = await createCredential({
      type: certificateType(args.type),
      signer: await agentSigner(args.issuer, context),
      holderJwk: args.holderJwk,
      claims: args.claims,
      issuedAt: this.#clock(),
      expiresAt: new Date(args.expiresAt),
      status: args.status ?? null,
    })
    return { credential }
  }

  async #present(args: SdJwtVcPresentArgs, context: Context): Promise<{ presentation: string }> {
    const held = await inspectCredential(args.credential)
    const presentation = await createPresentation({
      credential: held,
      paths: args.paths,
      signer: await agentSigner(createDidKey(held.holderJwk), context),
      audience: args.audience,
      nonce: args.nonce,
      issuedAt: this.#clock(),
    })
    return { presentation }
  }

  async #verify(args: SdJwtVcVerifyArgs): Promise<SdJwtVcVerifyResult> {
    const now = this.#clock()
    const { maxAgeSeconds, ...demands } = args.demands
    const freshness = freshnessPolicies[demands.freshness]
    const { trustList: trustListToken, statusLists, ...pins } = args.trust
    const graceSeconds = freshness.trustListGraceSeconds
    const listed = await createTrust({ ...pins, trustListToken, now, graceSeconds })
    const { trust, refused } = await withStatusLists(listed, statusLists, now)
    // Who hands in a list wants it used: going on without it would hide that it is not.
    if (refused[0] !== undefined) throw refused[0].error
    const verified = await verifyPresentation(trust, args.presentation, {
      ...demands,
      freshness,
      now,
      keyBindingMaxAgeSeconds: maxAgeSeconds,
      platform: null,
    })
    const { issuedAt, expiresAt, freshness: found, platformNumber: _none, ...rest } = verified
    return {
      ...rest,
      issuedAt: issuedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      freshness: { verdict: found.verdict, reason: found.reason, asOf: found.asOf.toISOString() },
    }
  }
}

/** A signer over a did:key of the agent. @throws AgentError `did_unknown`. */
async function agentSigner(did: string, context: Context): Promise<Signer> {
  const { keyId, alg } = resolveDidKey(did)
  const { keys } = await context.agent.didManagerGet({ did })
  const [key] = keys
  if (key === undefined) {
    throw new AgentError('did_unknown', 'the agent has no key for this identifier; import it first')
  }
  return {
    did,
    keyId,
    alg,
    sign: async (data) => {
      const hex = Buffer.from(data).toString('hex')
      const signing = { keyRef: key.kid, data: hex, encoding: 'base16', algorithm: alg } as const
      return decodeBase64Url(await context.agent.keyManagerSign(signing))
    },
  }
}
