import { type Kysely, sql } from 'kysely'

/** A rule of the database itself: what no statement may do. */
export type Trigger = {
  readonly name: string
  /** As in `update on batches`. */
  readonly event: string
  /** On `old` and `new`; always where there is none. */
  readonly when?: string
  readonly text: string
}

/** Writes a rule in the engine's own words. */
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
