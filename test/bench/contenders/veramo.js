import { createAgent } from '@veramo/core'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager'
import { KeyManagementSystem } from '@veramo/kms-local'

/**
 * Veramo 7 has no selective disclosure: it verifies a W3C presentation as JWT (the credential and
 * the holder's signature, ES256, did:key on both sides) that carries all twelve claims.
 */
export async function open(material) {
  const { audience, nonce } = material
  const agent = openAgent()
  await importDid(agent, material.issuer)
  for (const holder of material.holders) await importDid(agent, holder)

  const holderOf = (index) => material.holders[index % material.holders.length]
  const issue = async (index) => {
    const { iat, exp } = material.visible
    const credential = await agent.createVerifiableCredential({
      proofFormat: 'jwt',
      credential: {
        issuer: { id: material.issuer.did },
        issuanceDate: new Date(iat * 1000).toISOString(),
        expirationDate: new Date(exp * 1000).toISOString(),
        credentialSubject: { id: holderOf(index).did, ...material.claims() },
      },
    })
    return credential.proof.jwt
  }
  const present = async (index, credential) => {
    const presentation = await agent.createVerifiablePresentation({
      proofFormat: 'jwt',
      presentation: { holder: holderOf(index).did, verifiableCredential: [credential] },
      challenge: nonce,
      domain: audience,
    })
    return presentation.proof.jwt
  }
  const ask = async (presentation, challenge = nonce) => {
    const result = await agent.verifyPresentation({ presentation, challenge, domain: audience })
    if (!result.verified) throw new Error(result.error?.message)
    return result.verifiablePresentation
  }

  const credentials = []
  const presentations = []
  for (let index = 0; index < material.holders.length; index += 1) {
    credentials.push(await issue(index))
    presentations.push(await present(index, credentials[index]))
  }
  return {
    ask,
    sample: () => presentations[0],
    verify: (index) => ask(presentations[index % presentations.length]),
    issue,
    async issueTen(index) {
      for (let copy = 0; copy < 10; copy += 1) await issue(index + copy)
    },
    present: (index) => present(index, credentials[index % credentials.length]),
  }
}

function openAgent() {
  return createAgent({
    plugins: [
      new KeyManager({
        store: new MemoryKeyStore(),
        kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) },
      }),
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:key',
        providers: { 'did:key': new KeyDIDProvider({ defaultKms: 'local' }) },
      }),
      new DIDResolverPlugin({ ...getDidKeyResolver() }),
      new CredentialPlugin([new CredentialProviderJWT()]),
    ],
  })
}

async function importDid(agent, { did, privateJwk }) {
  const privateKeyHex = Buffer.from(privateJwk.d, 'base64url').toString('hex')
  await agent.didManagerImport({
    did,
    provider: 'did:key',
    keys: [{ kms: 'local', type: 'Secp256r1', privateKeyHex, kid: did.slice(8) }],
  })
}
