import freshnessPolicies from './freshness-policies.json' with { type: 'json' }
import gatePass from './gate-pass.json' with { type: 'json' }
import guardianship from './guardianship.json' with { type: 'json' }
import networkCertificate from './network-certificate.json' with { type: 'json' }
import wardCertificate from './ward-certificate.json' with { type: 'json' }

export const typeMetadataDocuments = [networkCertificate, gatePass, wardCertificate, guardianship]

export { freshnessPolicies }
