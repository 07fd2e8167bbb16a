import type { DeleteResult } from 'kysely'

/** Runs a deletion; tells how many rows went. */
export async function deletedRows(query: {
  executeTakeFirst(): Promise<DeleteResult>
}): Promise<number> {
  return Number((await query.executeTakeFirst()).numDeletedRows)
}
