import type { IAgentPluginSchema } from '@veramo/core-types'

const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const
const claimPath = {
  type: 'array',
  minItems: 1,
  items: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 0 }, { type: 'null' }] },
} as const

/** An object all of whose members are required but those named in `optional`. */
function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

const claimDemand = object(
  {
    path: claimPath,
    values: { type: 'array', items: { type: ['string', 'number', 'boolean'] } },
  },
  ['values'],
)

const trust = object({
  trustList: text,
  rootDids: texts,
  minimumSequence: { type: 'integer', minimum: 0 },
  statusLists: texts,
})

const demands = object({
  audience: text,
  nonce: text,
  maxAgeSeconds: { type: 'integer', minimum: 1 },
  freshness: { type: 'string', enum: ['strict', 'grace-24h', 'flag-72h'] },
  types: texts,
  claimSets: { type: 'array', items: { type: 'array', items: claimDemand } },
})

/** What the agent methods take and give, for agents that check it or that are called from afar. */
export const sdJwtVcSchema: IAgentPluginSchema = {
  components: {
    schemas: {
      SdJwtVcMintArgs: object(
        {
          issuer: text,
          type: text,
          holderJwk: { type: 'object' },
          claims: { type: 'object' },
          expiresAt: { type: 'string', format: 'date-time' },
          status: object({ uri: text, index: { type: 'integer', minimum: 0 } }),
        },
        ['status'],
      ),
      SdJwtVcMintResult: object({ credential: text }),
      SdJwtVcPresentArgs: object({
        credential: text,
        paths: { type: 'array', items: claimPath },
        audience: text,
        nonce: text,
      }),
      SdJwtVcPresentResult: object({ presentation: text }),
      SdJwtVcVerifyArgs: object({ presentation: text, trust, demands }),
      SdJwtVcVerifyResult: object({
        issuer: text,
        vct: text,
        claims: { type: 'object' },
        issuedAt: text,
        expiresAt: text,
        holderKey: text,
        role: { type: 'string', enum: ['self', 'guardian'] },
        freshness: { type: 'object' },
      }),
    },
    methods: {
      sdJwtVcMint: method('Mints a network certificate (SD-JWT VC).', 'SdJwtVcMint'),
      sdJwtVcPresent: method(
        'Presents chosen claims of a certificate to one verifier.',
        'SdJwtVcPresent',
      ),
      sdJwtVcVerify: method('Verifies a presentation, offline.', 'SdJwtVcVerify'),
    },
  },
}

function method(description: string, name: string) {
  return {
    description,
    arguments: { $ref: `#/components/schemas/${name}Args` },
    returnType: { $ref: `#/components/schemas/${name}Result` },
  }
}
