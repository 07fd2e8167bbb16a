import dcqlQuerySchema from './dcql-query.schema.json' with { type: 'json' }
import freshnessPolicySchema from './freshness-policy.schema.json' with { type: 'json' }
import ageAndRegion from './queries/age-and-region.json' with { type: 'json' }
import ageBand from './queries/age-band.json' with { type: 'json' }
import ageOver14 from './queries/age-over-14.json' with { type: 'json' }
import ageOver16 from './queries/age-over-16.json' with { type: 'json' }
import ageOver18 from './queries/age-over-18.json' with { type: 'json' }
import ageOver60 from './queries/age-over-60.json' with { type: 'json' }
import ageOver65 from './queries/age-over-65.json' with { type: 'json' }
import gateAgeOver18 from './queries/gate-age-over-18.json' with { type: 'json' }
import gateRealPerson from './queries/gate-real-person.json' with { type: 'json' }
import networkNumber from './queries/network-number.json' with { type: 'json' }
import realPerson from './queries/real-person.json' with { type: 'json' }
import signIn from './queries/sign-in.json' with { type: 'json' }
import trustListSchema from './trust-list.schema.json' with { type: 'json' }
import typeMetadataSchema from './type-metadata.schema.json' with { type: 'json' }

export const queries = {
  'age-over-14': ageOver14,
  'age-over-16': ageOver16,
  'age-over-18': ageOver18,
  'age-over-60': ageOver60,
  'age-over-65': ageOver65,
  'age-and-region': ageAndRegion,
  'age-band': ageBand,
  'real-person': realPerson,
  'network-number': networkNumber,
  'sign-in': signIn,
  'gate-age-over-18': gateAgeOver18,
  'gate-real-person': gateRealPerson,
}

export { freshnessPolicies, typeMetadataDocuments } from './certificates.js'

export const jsonSchemas = {
  'dcql-query': dcqlQuerySchema,
  'freshness-policy': freshnessPolicySchema,
  'trust-list': trustListSchema,
  'type-metadata': typeMetadataSchema,
}
