import {
  assertFetchable,
  assertHistorical,
  checkStatus,
  CredentialError,
  decideCache,
  decodeStatusList,
  encodeStatuses,
  importDidKeyIssuers,
  isClaimPath,
  isJsonArray,
  type JsonObject,
  type JsonValue,
  mergeTypeMetadata,
  parseStatusAggregation,
  parseStatusListToken,
  parseTypeMetadata,
  plainView,
  readStatus,
  resolveTypeMetadata,
  selectClaims,
  type StatusBits,
  statusCount,
  statusTokenLimits,
  verifyIntegrity,
  verifySdJwtVc,
  verifyStatusListToken,
} from '@netcert/credential'
import { listOf, numberOf, objectOf, type Operations, textOf, type Vector } from './operation.js'
import { openPolicyOf } from './sd-jwt-context.js'
import {
  issuerDidsOf,
  maxListBytesOf,
  networkOf,
  statusPolicyOf,
  statusSignersOf,
  typeMetadataOf,
  withFetches,
} from './trust-context.js'

/** Operations of the families sd-jwt-vc and status-list. */
export const trustOperations: Operations = {
  verify_vc: verifyVcVector,
  merge_type_metadata: mergeVector,
  select_path: ({ input }) => {
    const path = input['path']
    if (!isClaimPath(path)) throw new CredentialError('claim_path_error', 'This is no path.')
    const selected = selectClaims(plainView(objectOf(input, 'payload')), path)
    return { selected: selected.map(({ value }) => value ?? null) }
  },
  integrity: ({ input }) => {
    verifyIntegrity(textOf(input, 'text'), input['integrity'])
    return {}
  },
  check_status: checkStatusVector,
  decode_statuses: ({ input, context }) => {
    const list = decodeStatusList(input['status_list'], maxListBytesOf(context))
    const indexes = listOf(input, 'indexes').map(Number)
    return {
      size: statusCount(list),
      entries: indexes.map((index) => [index, readStatus(list, index)]),
    }
  },
  inflate: ({ input, context }) => {
    const { bytes } = decodeStatusList(
      { bits: 8, lst: textOf(input, 'lst') },
      maxListBytesOf(context),
    )
    return { bytes_hex: Buffer.from(bytes).toString('hex') }
  },
  encode_statuses: ({ input }) => {
    const bits = numberOf(input, 'bits') as StatusBits
    const bytes = encodeStatuses(bits, listOf(input, 'statuses').map(Number))
    return { bytes_hex: Buffer.from(bytes).toString('hex') }
  },
  historical: historicalVector,
  cache_decision: ({ input }) => {
    const token = {
      resolvedAt: numberOf(input, 'resolved_at'),
      expiresAt: optionalNumber(input, 'exp'),
      ttlSeconds: optionalNumber(input, 'ttl'),
      httpMaxAgeSeconds: optionalNumber(input, 'http_max_age'),
    }
    return { decision: decideCache(token, numberOf(input, 'now')) }
  },
  aggregation: ({ input }) => {
    const lists = parseStatusAggregation(textOf(input, 'body'), textOf(input, 'content_type'))
    return { status_lists: lists }
  },
  fetch_guard: ({ input }) => {
    assertFetchable(textOf(input, 'uri'))
    return {}
  },
}

async function verifyVcVector({ input, context }: Vector) {
  const network = networkOf(context)
  const { accepted_vcts: types } = context
  return withFetches(network, async () => {
    const { payload } = await verifySdJwtVc(textOf(input, 'sd_jwt'), {
      ...openPolicyOf(context),
      issuers: await importDidKeyIssuers(issuerDidsOf(context)),
      types: isJsonArray(types) ? types.map(String) : null,
      typeMetadata: typeMetadataOf(context),
      status: async ({ keyId }) => {
        const issuer = keyId.slice(0, keyId.indexOf('#'))
        return statusPolicyOf(context, network.source, [issuer])
      },
    })
    return { processed_payload: payload }
  })
}

async function checkStatusVector({ input, context }: Vector) {
  const { token } = input
  const source = async () => (typeof token === 'string' ? token : null)
  const policy = await statusPolicyOf(context, source, [])
  return { status: await checkStatus(input['status'] ?? null, policy) }
}

async function historicalVector({ input, context }: Vector): Promise<JsonObject> {
  const policy = await statusPolicyOf(context, async () => null, [])
  const jwt = parseStatusListToken(textOf(input, 'token'), policy.algorithms, policy.limits)
  const signers = await statusSignersOf(context, [])
  const token = await verifyStatusListToken(jwt, signers, statusTokenLimits)
  assertHistorical(token, textOf(input, 'uri'), numberOf(input, 'time'))
  return {}
}

/** A base and what extends it, as two documents, or as documents by `vct`; each text or object. */
function mergeVector({ input }: Vector): JsonObject {
  const child = input['child'] ?? input['extending']
  const base = input['base'] ?? input['parent'] ?? input['extended']
  const merged =
    child !== undefined && base !== undefined
      ? mergeTypeMetadata(
          parseTypeMetadata(documentText(base)),
          parseTypeMetadata(documentText(child)),
        )
      : resolveTypeMetadata({
          vct: textOf(input, 'vct'),
          integrity: input['vct#integrity'] ?? input['integrity'],
          documents: new Map(
            Object.entries(objectOf(input, 'documents')).map(([vct, text]) => {
              return [vct, documentText(text)] as const
            }),
          ),
          maxDepth: numberOf(input, 'max_depth', 8),
        })
  const claims = merged.claims.map(({ svgId, ...claim }) => {
    return { ...claim, ...(svgId === undefined ? {} : { svg_id: svgId }) }
  })
  const metadata = { vct: merged.vct, claims, ...(merged.display && { display: merged.display }) }
  return { ...metadata, merged: metadata }
}

function documentText(document: JsonValue): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}

function optionalNumber(input: JsonObject, name: string): number | null {
  const value = input[name]
  return typeof value === 'number' ? value : null
}
