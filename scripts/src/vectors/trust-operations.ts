import {
  assertFetchable,
  assertHistorical,
  assertPublicAddress,
  checkStatus,
  CredentialError,
  decideCache,
  decodeStatusList,
  encodeStatuses,
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
  verifyIntegrity,
  verifySdJwtVc,
  verifyStatusListToken,
} from '@netcert/credential'
import { listOf, numberOf, objectOf, type Operations, textOf, type Vector } from './operation.js'
import { openPolicyOf } from './sd-jwt-context.js'
import {
  issuersOf,
  maxListBytesOf,
  networkOf,
  statusPolicyOf,
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
    const indexes = numbersOf(input, 'indexes')
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
    const bytes = encodeStatuses(input['bits'] as StatusBits, numbersOf(input, 'statuses'))
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
    const { content_type: type } = input
    const lists = parseStatusAggregation(
      textOf(input, 'body'),
      typeof type === 'string' ? type : '',
    )
    return { status_lists: lists }
  },
  fetch_guard: ({ input }) => {
    assertFetchable(textOf(input, 'uri'))
    for (const uri of textsOf(input, 'redirects')) assertFetchable(uri)
    for (const address of textsOf(input, 'addresses')) assertPublicAddress(address)
    return {}
  },
}

async function verifyVcVector({ input, context }: Vector) {
  const network = networkOf(context)
  const { accepted_vcts: types } = context
  return withFetches(network, async () => {
    const { payload } = await verifySdJwtVc(textOf(input, 'sd_jwt'), {
      ...openPolicyOf(context),
      issuers: await issuersOf(context),
      types: isJsonArray(types) ? types.map(String) : null,
      typeMetadata: typeMetadataOf(context),
      status: (issuer) => statusPolicyOf(context, network.source, [issuer]),
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
  const { token: text } = input
  if (typeof text !== 'string') {
    throw new CredentialError('status_unavailable', 'The server keeps no history.')
  }
  const { algorithms, limits, signers } = await statusPolicyOf(context, async () => null, [])
  const jwt = parseStatusListToken(text, algorithms, limits)
  const token = await verifyStatusListToken(jwt, signers, limits)
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

function textsOf(input: JsonObject, name: string): readonly string[] {
  return listOf(input, name).map((value) => (typeof value === 'string' ? value : ''))
}

/** What is no number stays none, for the operation to refuse. */
function numbersOf(input: JsonObject, name: string): readonly number[] {
  return listOf(input, name).map((value) => (typeof value === 'number' ? value : Number.NaN))
}

function optionalNumber(input: JsonObject, name: string): number | null {
  const value = input[name]
  return typeof value === 'number' ? value : null
}
