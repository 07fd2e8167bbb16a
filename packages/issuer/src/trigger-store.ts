import { type Kysely, sql } from 'kysely'

/** What no statement may do, whoever sends it. */
export type Trigger = {
  readonly name: string
  readonly event: string
  readonly when?: string
  readonly text: string
}

/** Makes the database refuse `event` where `when` holds, in each engine's own words. */
export async function createTrigger(
  db: Kysely<unknown>,
  engine: 'sqlite' | 'postgres',
  { name, event, when, text }: Trigger,
): Promise<void> {
  const condition = when === undefined ? '' : `when (${when})`
  if (engine === 'sqlite') {
    await sql
      .raw(
        `create trigger ${name} before ${event} for each row ${condition}
         begin select raise(abort, '${text}'); end`,
      )
      .execute(db)
    return
  }
  await sql
    .raw(
      `create function ${name}() returns trigger language plpgsql as
       $$ begin raise exception using errcode = 'check_violation', message = '${text}'; end $$`,
    )
    .execute(db)
  await sql
    .raw(
      `create trigger ${name} before ${event} for each row ${condition} execute function ${name}()`,
    )
    .execute(db)
}
