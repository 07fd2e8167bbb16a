import { certificateTypes } from '@netcert/credential'
import { registrarAddresses } from '../accrediting.js'
import { currentStatusList } from '../lists/status-list-publishing.js'
import { currentTrustListToken, type PublicationParts } from '../publication.js'
import { believedLists, currentRegistrarList } from '../registrar-publication.js'
import type { PackPart } from './pack-spool.js'
import { TRUST_LIST_NAME } from '@netcert/protocol/offline-pack'

/**
 * Everything a verifier needs, one piece after the other, in the order of a pack. Status lists are
 * those of the tick, the very tokens that are published: a pack must not say earlier than the
 * lists what was revoked together.
 *
 * @throws IssuerError `root_key_needed`, `publish_busy`, `signing_key_none`
 */
export async function* packParts(
  publication: PublicationParts,
  options: { readonly rootKeyFile?: string },
): AsyncGenerator<PackPart> {
  const trustList = await currentTrustListToken(publication, options)
  yield { type: 'trust-list', name: TRUST_LIST_NAME, text: trustList }
  for (const { vct, documentText } of certificateTypes.values()) {
    yield { type: 'type-metadata', name: vct, text: documentText }
  }
  const { registrar, lists, places } = publication
  const { statusUri } = registrarAddresses(registrar.baseUrl)
  for (const list of await believedLists(registrar)) {
    const text = await currentRegistrarList(registrar, list)
    yield { type: 'accreditation-status-list', name: statusUri(list.list), text }
  }
  for (const list of await lists.statusLists()) {
    const { version } = await currentStatusList(publication, list, true)
    yield { type: 'status-list', name: places.uriOf(list.list), text: version.token }
  }
}
