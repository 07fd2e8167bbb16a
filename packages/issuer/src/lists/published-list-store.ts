import type { Database } from '@netcert/agent'
import type { IssuerSchema } from '../issuer-schema-store.js'

export type PublishedList = IssuerSchema['published_lists']
export type PublicationStep = IssuerSchema['publication_steps']

/** All SQL about what was published of people's status lists, and about steps that failed. */
export type PublishedListStore = {
  get(list: number): Promise<PublishedList | undefined>
  all(): Promise<readonly PublishedList[]>
  /**
   * Makes this the published version: of a newer number and no earlier date than the one there is, and,
   * with `atTick`, of another tick, so that of several processes at one tick one publishes. `false`
   * when it is not.
   */
  put(published: PublishedList, atTick: boolean): Promise<boolean>
  /** Notes that nothing changed up to this tick. */
  pass(list: number, tick: number): Promise<void>
  steps(): Promise<readonly PublicationStep[]>
  putDone(step: string, at: number): Promise<void>
  putFailed(step: string, at: number, code: string): Promise<void>
}

/** The tables `published_lists` and `publication_steps` behind {@link PublishedListStore}. */
export function createPublishedListStore(database: Database<IssuerSchema>): PublishedListStore {
  return { ...publishedLists(database), ...publicationSteps(database) }
}

type Steps = Pick<PublishedListStore, 'steps' | 'putDone' | 'putFailed'>

function publishedLists({ kysely }: Database<IssuerSchema>): Omit<PublishedListStore, keyof Steps> {
  return {
    get: (list) =>
      kysely.selectFrom('published_lists').selectAll().where('list', '=', list).executeTakeFirst(),
    all: () => kysely.selectFrom('published_lists').selectAll().orderBy('list').execute(),
    async put(published, atTick) {
      const { list: _list, ...changed } = published
      const result = await kysely
        .insertInto('published_lists')
        .values(published)
        .onConflict((conflict) => {
          const update = conflict
            .column('list')
            .doUpdateSet(changed)
            .where('published_lists.version', '<', published.version)
            .where('published_lists.issued_at', '<=', published.issued_at)
          return atTick ? update.where('published_lists.tick', '<>', published.tick) : update
        })
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
    async pass(list, tick) {
      await kysely.updateTable('published_lists').set({ tick }).where('list', '=', list).execute()
    },
  }
}

function publicationSteps({ kysely }: Database<IssuerSchema>): Steps {
  return {
    steps: () => kysely.selectFrom('publication_steps').selectAll().orderBy('step').execute(),
    async putDone(step, at) {
      const done = { done_at: at, failed_at: null, failures: 0, code: null }
      await kysely
        .insertInto('publication_steps')
        .values({ step, ...done })
        .onConflict((conflict) => conflict.column('step').doUpdateSet(done))
        .execute()
    },
    async putFailed(step, at, code) {
      await kysely
        .insertInto('publication_steps')
        .values({ step, done_at: 0, failed_at: at, failures: 1, code })
        .onConflict((conflict) =>
          conflict.column('step').doUpdateSet((build) => ({
            failed_at: build.fn.coalesce('publication_steps.failed_at', build.val(at)),
            failures: build('publication_steps.failures', '+', 1),
            code,
          })),
        )
        .execute()
    },
  }
}
