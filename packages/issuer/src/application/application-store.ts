import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>
export type StoredApplication = IssuerSchema['applications']
export type StoredEvidence = IssuerSchema['application_evidence']

/** The states an application goes through; see docs/formats/application.md. */
export type ApplicationState =
  | 'submitted'
  | 'checked'
  | 'approved'
  | 'refused'
  | 'offered'
  | 'issued'
  | 'withdrawn'

/** A step: taken from one of these states and, where it says so, from this version only. */
export type ApplicationStep = {
  readonly id: string
  readonly from: readonly ApplicationState[]
  readonly version?: number
  readonly at: number
  readonly set: Partial<
    Pick<
      StoredApplication,
      'reason' | 'assurance' | 'citizen' | 'guardian' | 'sealed' | 'wrapped_key'
    > & { state: ApplicationState; enrolled_here: number }
  >
}

export type ListApplicationsOptions = {
  readonly limit: number
  readonly after: string
  readonly state: ApplicationState | null
}

/** All SQL about applications and their evidence. */
export type ApplicationStore = {
  put(trx: Inside, application: StoredApplication): Promise<void>
  get(id: string): Promise<StoredApplication | undefined>
  getWithin(trx: Inside, id: string): Promise<StoredApplication | undefined>
  /** The next applications in the order of their references. */
  list(options: ListApplicationsOptions): Promise<readonly StoredApplication[]>
  /** One conditional update; `false` when the application is not, or no longer, where it begins. */
  step(trx: Inside, step: ApplicationStep): Promise<boolean>
  evidenceOf(id: string): Promise<readonly StoredEvidence[]>
  evidenceWithin(trx: Inside, id: string): Promise<readonly StoredEvidence[]>
  /** `false` when there is evidence of that kind already, or the statement was used. */
  putEvidence(trx: Inside, evidence: StoredEvidence): Promise<boolean>
  /** Puts an offer in the place of those before, which nobody can redeem any more. */
  putOffer(trx: Inside, application: string, offer: string): Promise<void>
  /** Makes the offers of an application worthless that nobody redeemed yet. */
  endOffers(trx: Inside, application: string): Promise<void>
  /** The application an offer was made for. */
  ofOffer(trx: Inside, offer: string): Promise<StoredApplication | undefined>
  /** Whether anything was ever planned for the person of a citizen. */
  hasBatches(citizen: string): Promise<boolean>
}

/** The tables of applications behind {@link ApplicationStore}. */
export function createApplicationStore(database: Database<IssuerSchema>): ApplicationStore {
  return {
    ...applicationQueries(database),
    ...applicationSteps(),
    ...offerSteps(),
    ...evidenceQueries(database),
  }
}

type Queries = 'get' | 'getWithin' | 'list' | 'hasBatches'
type Steps = 'put' | 'step'
type Offers = 'putOffer' | 'endOffers' | 'ofOffer'
type Evidence = 'evidenceOf' | 'evidenceWithin' | 'putEvidence'

function applicationQueries({
  kysely,
}: Pick<Database<IssuerSchema>, 'kysely'>): Pick<ApplicationStore, Queries> {
  return {
    get: (id) =>
      kysely.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst(),
    getWithin: (trx, id) =>
      trx.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst(),
    list({ limit, after, state }) {
      const page = kysely
        .selectFrom('applications')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
      return (state === null ? page : page.where('state', '=', state)).execute()
    },
    async hasBatches(citizen) {
      const batch = await kysely
        .selectFrom('batches')
        .innerJoin('persons', 'persons.id', 'batches.person')
        .select('batches.id')
        .where('persons.citizen', '=', citizen)
        .executeTakeFirst()
      return batch !== undefined
    },
  }
}

function applicationSteps(): Pick<ApplicationStore, Steps> {
  return {
    async put(trx, application) {
      await trx.insertInto('applications').values(application).execute()
    },
    async step(trx, { id, from, version, at, set }) {
      const update = trx
        .updateTable('applications')
        .set((build) => ({ ...set, version: build('version', '+', 1), changed_at: at }))
        .where('id', '=', id)
        .where('state', 'in', from)
      const exact = version === undefined ? update : update.where('version', '=', version)
      return Number((await exact.executeTakeFirst()).numUpdatedRows) === 1
    },
  }
}

function offerSteps(): Pick<ApplicationStore, Offers> {
  const endOffers = async (trx: Inside, application: string): Promise<void> => {
    const theirs = trx
      .selectFrom('application_offers')
      .select('offer')
      .where('application', '=', application)
    await trx
      .deleteFrom('vci_offers')
      .where('id', 'in', theirs)
      .where('redeemed_at', 'is', null)
      .execute()
  }
  return {
    endOffers,
    async putOffer(trx, application, offer) {
      await endOffers(trx, application)
      await trx.insertInto('application_offers').values({ offer, application }).execute()
    },
    ofOffer: (trx, offer) =>
      trx
        .selectFrom('applications')
        .innerJoin('application_offers', 'application_offers.application', 'applications.id')
        .selectAll('applications')
        .where('application_offers.offer', '=', offer)
        .executeTakeFirst(),
  }
}

function evidenceQueries({
  kysely,
}: Pick<Database<IssuerSchema>, 'kysely'>): Pick<ApplicationStore, Evidence> {
  const evidence = (executor: Pick<Inside, 'selectFrom'>, id: string) =>
    executor
      .selectFrom('application_evidence')
      .selectAll()
      .where('application', '=', id)
      .orderBy('kind')
      .execute()
  return {
    evidenceOf: (id) => evidence(kysely, id),
    evidenceWithin: (trx, id) => evidence(trx, id),
    async putEvidence(trx, evidence) {
      const result = await trx
        .insertInto('application_evidence')
        .values(evidence)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
  }
}
