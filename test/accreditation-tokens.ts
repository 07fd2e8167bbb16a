import {
  createEmptyStatusList,
  createJws,
  createStatusList,
  generateSigner,
  type JsonObject,
  NETWORK_CERTIFICATE,
  type Signer,
  type TrustedRegistrar,
  writeStatus,
} from '@netcert/credential'
import {
  type Accreditation,
  type AccreditationContent,
  createAccreditation,
  encodeAccreditation,
  parseAccreditation,
  type RegisterMembers,
} from '@netcert/protocol'
import { at, DAY, HOUR, type KeyPair } from './trust-ground.js'

/** Real keys of a registrar and of a platform that it accredits. */
export const registrar: KeyPair = await generateSigner('ES256')
export const platformKey: KeyPair = await generateSigner('ES256')

export const PLATFORM_ID = 'shop.example'
export const REGISTRAR_STATUS_URI = 'https://registrar.example/registrar/status/1'

export const register: RegisterMembers = {
  registryUri: 'https://registrar.example/register/register.json',
  country: 'CN',
}

export const listedRegistrar = (changes: Partial<TrustedRegistrar> = {}): TrustedRegistrar => ({
  did: registrar.signer.did,
  notBefore: at(-30 * DAY),
  notAfter: at(365 * DAY),
  ...changes,
})

/** A shop that may ask for the platform number, the age and a region; no identity. */
export const accreditationContent = (
  changes: Partial<AccreditationContent> = {},
): AccreditationContent => ({
  id: 'urn:uuid:0d8f3c5e-8a43-4a6a-9a53-2f0c1f4f6b11',
  registrar: registrar.signer.did,
  platformId: PLATFORM_ID,
  issuedAt: at(-DAY),
  expiresAt: at(20 * DAY),
  requestJwk: platformKey.jwk,
  name: { 'zh-CN': '示例商店', en: 'Example shop' },
  purpose: { 'zh-CN': '确认购买者年满十八周岁', en: 'Make sure that a buyer is 18' },
  purposeId: 'age-check',
  credentials: [
    {
      format: 'dc+sd-jwt',
      vctValues: [NETWORK_CERTIFICATE],
      claims: [
        ['platform_number'],
        ['real_person'],
        ['age_equal_or_over', '18'],
        ['residence_region'],
      ],
    },
  ],
  legalBasis: 'none',
  maxClaims: 4,
  retentionSeconds: 30 * DAY,
  storesRawClaims: false,
  privacyPolicy: 'https://shop.example/privacy',
  receiptUri: 'https://shop.example/response',
  deletionUri: 'https://shop.example/deletion',
  reportUri: 'https://registrar.example/registrar/reports',
  status: { uri: REGISTRAR_STATUS_URI, index: 7 },
  ...changes,
})

export const signAccreditation = (
  changes: Partial<AccreditationContent> = {},
  signer: Signer = registrar.signer,
): Promise<string> =>
  createAccreditation({ content: accreditationContent(changes), register, signer })

/** What a wallet holds after it verified the token. */
export const accredited = async (
  changes: Partial<AccreditationContent> = {},
): Promise<Accreditation> => parseAccreditation(await signAccreditation(changes)).accreditation

/** Signs any payload as an accreditation: the usual one with these members, undefined for none. */
export function signMembers(
  changes: Readonly<Record<string, unknown>>,
  header: JsonObject = {},
  signer: Signer = registrar.signer,
): Promise<string> {
  const payload = { ...encodeAccreditation(accreditationContent(), register), ...changes }
  return createJws({
    header: { typ: 'rc-wrp+jwt', kid: signer.keyId, ...header },
    payload: JSON.parse(JSON.stringify(payload)) as JsonObject,
    signer,
  })
}

export type RegistrarStatusChanges = {
  readonly revoked?: readonly number[]
  readonly uri?: string
  readonly signer?: Signer
  readonly issuedAt?: Date
  readonly expiresAt?: Date
  readonly entries?: number
}

/** A registrar's status list: 1 bit, an hour old, ending after 7 days. */
export function signRegistrarStatus(changes: RegistrarStatusChanges = {}): Promise<string> {
  const { revoked = [], issuedAt = at(-HOUR), signer = registrar.signer, entries = 1024 } = changes
  const { uri = REGISTRAR_STATUS_URI, expiresAt = new Date(issuedAt.getTime() + 7 * DAY * 1000) } =
    changes
  const list = createEmptyStatusList(1, entries)
  for (const index of revoked) writeStatus(list, index, 1)
  return createStatusList({
    uri,
    bits: 1,
    entries: list.bytes,
    signer,
    issuedAt,
    expiresAt,
    ttlSeconds: 12 * HOUR,
  })
}
