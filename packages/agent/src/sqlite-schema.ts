import {
  type CreateTableNode,
  type DataTypeNode,
  type SelectModifierNode,
  SqliteQueryCompiler,
} from 'kysely'

const ROW_LOCKS: ReadonlySet<string> = new Set([
  'ForUpdate',
  'ForNoKeyUpdate',
  'ForShare',
  'ForKeyShare',
  'NoWait',
  'SkipLocked',
])

/** Column types of the schema builder that mean the same on both databases, as STRICT names them. */
const STRICT_TYPES: ReadonlyMap<string, string> = new Map([
  ['text', 'text'],
  ['varchar', 'text'],
  ['integer', 'integer'],
  ['bigint', 'integer'],
])

/**
 * Writes every table STRICT, so that SQLite refuses a text in an integer column as PostgreSQL
 * does, and no migration can forget it.
 */
export class StrictQueryCompiler extends SqliteQueryCompiler {
  /** `for update` is for PostgreSQL: a transaction on SQLite holds the only write lock anyway. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === undefined || !ROW_LOCKS.has(node.modifier))
      super.visitSelectModifier(node)
  }

  protected override visitCreateTable(node: CreateTableNode): void {
    super.visitCreateTable(node)
    this.append(node.endModifiers?.length ? ', strict' : ' strict')
  }

  protected override visitDataType(node: DataTypeNode): void {
    const type = STRICT_TYPES.get(node.dataType.replace(/\(\d+\)$/, ''))
    if (type === undefined) {
      throw new TypeError(
        `column type ${node.dataType}: use ${[...STRICT_TYPES.keys()].join(', ')}`,
      )
    }
    this.append(type)
  }
}
