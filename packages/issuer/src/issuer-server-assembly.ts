import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import type { Vault } from '@netcert/agent'
import { certificateType } from '@netcert/credential'
import { createAccessTokenVerifier, tokenChallenge } from './as-access-token.js'
import { createAttestedRequests } from './as-attested-requests.js'
import { createChallenges } from './as-challenge.js'
import { createDpopNonces } from './as-dpop-nonces.js'
import { createLoginCodes, operatorLogSender } from './as-login-code.js'
import { createLoginCodeStore } from './as-login-code-store.js'
import type { LoginRouterOptions } from './as-login-http.js'
import { endedPage } from './as-login-pages.js'
import type { LoginLanguage } from './as-login-texts.js'
import { createRecordStore, type RecordStore } from './as-record-store.js'
import { readWalletProviders } from './as-wallet-providers.js'
import { createCitizenRegister } from './authentic-source.js'
import type { AuthorizationServer, AuthorizationServerOptions } from './authorization-server.js'
import { createRevocationRouter } from './ending/revocation-http.js'
import { createCancellationRouter } from './erasure/cancellation-http.js'
import { createIssuerServerApp, type ServerLimits } from './issuer-server-http.js'
import type { OpenedIssuerGround } from './open.js'
import { openedOffers } from './opened-offers.js'
import { PRESENCE_PATH } from './presence-demo-http.js'
import { counterPresence, demoPresence } from './presence-provider.js'
import { quietImport } from './quiet-import.js'
import { assembleRegistrar } from './registrar-open.js'
import { createSourceStore } from './source-store.js'
import { CONFIGURATION_IDS, configurationPolicy, isConfigurationId } from './vci-configurations.js'
import { createCredentialIssuerRouter, type CredentialIssuerRouterOptions } from './vci-http.js'
import { readKeyAttesters } from './vci-key-attesters.js'
import type { OpenIssuerServerOptions } from './issuer-server.js'

export type Assembly = { readonly app: RequestListener; readonly sweep: () => void }

const LIMITS: ServerLimits = {
  inFlight: 64,
  perMinute: 1200,
  loginForms: 60,
  reports: 30,
  cancellations: 30,
}
/** One secret for both: a wallet keeps one nonce for an origin. */
const DPOP_NONCES = 'netcert/as/dpop-nonces/v1'

/** Puts together what an issuer serves. @throws IssuerError `wallet_providers_malformed`, `key_attesters_malformed`. */
export async function assembleIssuerServer(
  opened: OpenedIssuerGround,
  options: OpenIssuerServerOptions,
): Promise<Assembly> {
  const { ground, issuer: core } = opened
  const { database, vault } = ground
  const { clock, log } = options
  const issuer = ground.config.base_url
  const records = createRecordStore({ database, vault })
  const offers = openedOffers(opened)
  const configurationIds = [...CONFIGURATION_IDS]
  const parts = { issuer, configurationIds, records, attested: createAttestedRequests() }
  const wards = core.minors.grants
  const server = await openAuthorizationServer(vault, log, { ...parts, offers, wards })
  const keyAttesters = await readKeyAttesters({ dir: options.dir, clock })
  const login = loginOptions(opened, options, { interactions: server, offers, wards })
  const { pages: presence, uri: presenceUri } = presencePages(opened, options, login)
  const tokens = accessTokens(vault, { records, clock })
  const router = { ground, issuer: core, offers, keyAttesters, presenceUri, ...tokens }
  const limits = { ...LIMITS, ...options.limits }
  const app = createIssuerServerApp({
    publishedDir: options.publishedDir ?? join(options.dir, 'published'),
    limits,
    addressHeader: options.addressHeader ?? null,
    onFailure: (error) => log(failureLine(error)),
    credentialIssuer: createCredentialIssuerRouter(router),
    registrar: await assembleRegistrar(ground),
    endpoints: {
      ...parts,
      providers: await readWalletProviders(options.dir),
      challenges: createChallenges(vault.deriveKey('netcert/as/attestation-challenge/v1')),
      ...{ clock, handle: server.handle },
    },
    login,
    revocation: createRevocationRouter({ ...login, codes: core.ending }),
    cancellation: cancellationRouter(opened, limits),
    presence,
  })
  return { app, sweep: sweeper(opened, { log }) }
}

function cancellationRouter({ issuer }: OpenedIssuerGround, limits: ServerLimits) {
  return createCancellationRouter({ erasure: issuer.erasure, perMinute: limits.cancellations })
}

/** How access tokens are checked, and refused. */
function accessTokens(
  vault: Vault,
  { records, clock }: { readonly records: RecordStore; readonly clock: () => Date },
): Pick<CredentialIssuerRouterOptions, 'verifyAccessToken' | 'tokenChallenge'> {
  const nonces = createDpopNonces(vault.deriveKey(DPOP_NONCES))
  return {
    verifyAccessToken: createAccessTokenVerifier({ records, nonces, clock }),
    tokenChallenge: (error) => tokenChallenge(error, () => nonces.next(clock())),
  }
}

async function openAuthorizationServer(
  vault: Vault,
  log: (line: string) => void,
  parts: Omit<AuthorizationServerOptions, 'secrets' | 'errorPage' | 'onFailure'>,
): Promise<AuthorizationServer> {
  const { createAuthorizationServer } = await quietImport(() => import('./authorization-server.js'))
  return createAuthorizationServer({
    ...parts,
    secrets: {
      cookies: Buffer.from(vault.deriveKey('netcert/as/cookies/v1')).toString('base64url'),
      dpopNonces: vault.deriveKey(DPOP_NONCES),
    },
    errorPage: (description) => endedPage('en', description),
    onFailure: (error) => log(failureLine(error)),
  })
}

function loginOptions(
  { ground }: OpenedIssuerGround,
  { clock, log, codeSender, limits }: OpenIssuerServerOptions,
  parts: Pick<LoginRouterOptions, 'interactions' | 'offers' | 'wards'>,
): LoginRouterOptions {
  const { database, sourceDatabase, vault, config } = ground
  return {
    ...parts,
    codes: createLoginCodes({
      store: createLoginCodeStore(database),
      sender: codeSender ?? operatorLogSender(log),
      key: vault.deriveKey('netcert/as/login-code/v1'),
      clock,
    }),
    register: createCitizenRegister({ store: createSourceStore(sourceDatabase), vault }),
    certificateName,
    formsPerAddress: limits?.loginForms ?? LIMITS.loginForms,
    basePath: new URL(config.base_url).pathname.replace(/\/$/, ''),
  }
}

/** The pages of presence checks and where they begin; `null` where checks take place elsewhere. */
function presencePages(
  { ground, issuer }: OpenedIssuerGround,
  options: OpenIssuerServerOptions,
  { codes, register, basePath, formsPerAddress }: LoginRouterOptions,
) {
  const { presence = counterPresence, clock, host = '127.0.0.1' } = options
  const { vault, config } = ground
  const pages = { codes, register, vault, basePath, formsPerAddress, clock }
  const place = { baseUrl: config.base_url, host }
  const provider = presence === 'demo' ? demoPresence({ ...pages, ...place }) : presence
  const made = provider.pages?.((check) => issuer.recordPresence(check)) ?? null
  return { pages: made, uri: made === null ? null : `${config.base_url}${PRESENCE_PATH}` }
}

/** Removes what has ended; a sweep that fails is made up for by the next. */
function sweeper(
  { ground, issuer }: OpenedIssuerGround,
  { log }: { readonly log: (line: string) => void },
): () => void {
  return () => {
    const work = [
      issuer.retention.sweep(),
      issuer.certificates.endDue(),
      issuer.ending.forgetTries(),
      // A key is changed and erased in time also while nobody asks for it.
      ground.requestKeys.accepted(),
    ]
    Promise.all(work).catch((error: unknown) => log(failureLine(error)))
  }
}

function certificateName(configurationId: string, language: LoginLanguage): string {
  if (!isConfigurationId(configurationId)) return configurationId
  return certificateType(configurationPolicy(configurationId).vct).name[language]
}

/** A code or a name: what an error says in words can quote a request. */
function failureLine(error: unknown): string {
  if (!(error instanceof Error)) return 'request failed'
  const code = 'code' in error ? String(error.code) : error.name
  return `request failed: ${code}`
}
