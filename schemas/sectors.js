import accountReAuthentication from './sectors/account-re-authentication.json' with { type: 'json' }
import ageCheck from './sectors/age-check.json' with { type: 'json' }
import bankAccount from './sectors/bank-account.json' with { type: 'json' }
import minorAct from './sectors/minor-act.json' with { type: 'json' }
import payment from './sectors/payment.json' with { type: 'json' }
import socialNetwork from './sectors/social-network.json' with { type: 'json' }
import telecom from './sectors/telecom.json' with { type: 'json' }
import ticketing from './sectors/ticketing.json' with { type: 'json' }
import venueEntry from './sectors/venue-entry.json' with { type: 'json' }

export const sectorTemplates = {
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
