import applicationSchema from './application.schema.json' with { type: 'json' }
import accreditationSchema from './accreditation.schema.json' with { type: 'json' }
import dcqlQuerySchema from './dcql-query.schema.json' with { type: 'json' }
import deletionAnswerSchema from './deletion-answer.schema.json' with { type: 'json' }
import disclosureReceiptSchema from './disclosure-receipt.schema.json' with { type: 'json' }
import freshnessPolicySchema from './freshness-policy.schema.json' with { type: 'json' }
import offlinePackSchema from './offline-pack.schema.json' with { type: 'json' }
import platformRegistrationSchema from './platform-registration.schema.json' with { type: 'json' }
import accountReAuthentication from './queries/account-re-authentication.json' with { type: 'json' }
import ageAndRegion from './queries/age-and-region.json' with { type: 'json' }
import ageBand from './queries/age-band.json' with { type: 'json' }
import ageCheck from './queries/age-check.json' with { type: 'json' }
import ageOver14 from './queries/age-over-14.json' with { type: 'json' }
import ageOver16 from './queries/age-over-16.json' with { type: 'json' }
import ageOver18 from './queries/age-over-18.json' with { type: 'json' }
import ageOver60 from './queries/age-over-60.json' with { type: 'json' }
import ageOver65 from './queries/age-over-65.json' with { type: 'json' }
import bankAccount from './queries/bank-account.json' with { type: 'json' }
import gateAgeOver18 from './queries/gate-age-over-18.json' with { type: 'json' }
import gateRealPerson from './queries/gate-real-person.json' with { type: 'json' }
import minorAct from './queries/minor-act.json' with { type: 'json' }
import networkNumber from './queries/network-number.json' with { type: 'json' }
import payment from './queries/payment.json' with { type: 'json' }
import realPerson from './queries/real-person.json' with { type: 'json' }
import signIn from './queries/sign-in.json' with { type: 'json' }
import socialNetwork from './queries/social-network.json' with { type: 'json' }
import telecom from './queries/telecom.json' with { type: 'json' }
import ticketing from './queries/ticketing.json' with { type: 'json' }
import venueEntry from './queries/venue-entry.json' with { type: 'json' }
import requestReportSchema from './request-report.schema.json' with { type: 'json' }
import sectorTemplateSchema from './sector-template.schema.json' with { type: 'json' }
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
  telecom,
  'bank-account': bankAccount,
  payment,
  'social-network': socialNetwork,
  ticketing,
  'venue-entry': venueEntry,
  'age-check': ageCheck,
  'account-re-authentication': accountReAuthentication,
  'minor-act': minorAct,
}

export { freshnessPolicies, typeMetadataDocuments } from './certificates.js'
export { sectorTemplates } from './sectors.js'

export const jsonSchemas = {
  accreditation: accreditationSchema,
  application: applicationSchema,
  'dcql-query': dcqlQuerySchema,
  'deletion-answer': deletionAnswerSchema,
  'disclosure-receipt': disclosureReceiptSchema,
  'freshness-policy': freshnessPolicySchema,
  'offline-pack': offlinePackSchema,
  'platform-registration': platformRegistrationSchema,
  'request-report': requestReportSchema,
  'sector-template': sectorTemplateSchema,
  'trust-list': trustListSchema,
  'type-metadata': typeMetadataSchema,
}
