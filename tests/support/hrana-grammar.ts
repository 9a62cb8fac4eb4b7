import { parseError, StatementError } from './hrana-errors'

/**
 * What a libSQL server's own parser (sqlite3-parser, older than the SQLite behind it) lets through. Source:
 * https://github.com/tursodatabase/libsql, libsql-server/src/query_analysis.rs and vendored/sqlite3-parser. The rest of the
 * syntax is left to SQLite.
 */
export interface Parsed extends Effect {
  isExplain: boolean
  /** Its parameters in their order, each name once: `?` for one without a name, `?3`, `:name`. */
  parameters: string[]
}

export interface Effect {
  /** It leaves the database as it is, and a replica may answer it. */
  isRead: boolean
  /** BEGIN, COMMIT, ROLLBACK and the like. */
  isTransaction: boolean
}

interface Token {
  kind: 'word' | 'quoted' | 'parameter' | 'number' | 'mark'
  /** A word in upper case, anything else as it is written. */
  text: string
  end: number
}

const token =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|(?<quoted>x?'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<parameter>\?\d*|[:@$][\p{L}\p{N}_$]+)|(?<number>\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<mark>[\s\S])/guy

const parsed = new Map<string, Parsed | StatementError>()

/** @throws {StatementError} where the server would refuse it, with its code and words */
export function parseStatement(sql: string): Parsed {
  let known = parsed.get(sql)
  if (!known) {
    try {
      known = parse(sql)
    } catch (error) {
      if (!(error instanceof StatementError)) throw error
      known = error
    }
    if (parsed.size > 5000) parsed.clear()
    parsed.set(sql, known)
  }
  if (known instanceof StatementError) throw known
  return known
}

/** @throws where a libSQL server could not parse it; what is about files only (VACUUM, most pragmas) is let through */
export function assertServerTakes(sql: string) {
  try {
    parseStatement(sql)
  } catch (error) {
    if (!(error instanceof StatementError) || error.message.includes('unsupported statement')) return
    throw new Error(`A libSQL server refuses this statement. ${error.message}\n${sql}`)
  }
}

/** Several statements in one text. @throws {StatementError} for the first that is refused */
export function assertScript(sql: string) {
  for (const each of split(tokensOf(sql))) assertSupported(sql, each)
}

function parse(sql: string): Parsed {
  const [statement, next] = split(tokensOf(sql))
  if (!statement) throw new StatementError('SQL_NO_STATEMENT', 'SQL string does not contain any statement')
  assertSupported(sql, statement)
  if (next) {
    throw new StatementError('SQL_MANY_STATEMENTS', 'SQL string contains more than one statement')
  }
  const [first = '', second = '', third = ''] = statement.map(({ text }) => text)
  const verb = verbOf(statement)
  return {
    isRead:
      ['EXPLAIN', 'SELECT', 'VALUES'].includes(verb) ||
      (first === 'BEGIN' && [second, third].includes('READONLY')) ||
      (first === 'PRAGMA' && readingPragmas.test(pragmaOf(statement).name)),
    isTransaction: /^(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)$/.test(first),
    isExplain: first === 'EXPLAIN',
    parameters: parametersOf(statement),
  }
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, index, groups = {} } of sql.matchAll(token)) {
    const kind = (['quoted', 'parameter', 'number', 'word', 'mark'] as const).find((name) => groups[name])
    if (!kind) continue
    tokens.push({ kind, text: kind === 'word' ? text.toUpperCase() : text, end: index + text.length })
  }
  return tokens
}

/** Without their semicolons; those of a trigger's body part nothing. */
function split(tokens: Token[]): Token[][] {
  const statements: Token[][] = []
  let current: Token[] = []
  let depth = 0
  for (const each of tokens) {
    if (each.text === ';' && depth === 0) {
      if (current.length > 0) statements.push(current)
      current = []
      continue
    }
    if (isTrigger(current)) {
      if (each.text === 'BEGIN' || each.text === 'CASE') depth++
      if (each.text === 'END') depth--
    }
    current.push(each)
  }
  return current.length > 0 ? [...statements, current] : statements
}

const isTrigger = (tokens: Token[]) =>
  /^(EXPLAIN (QUERY PLAN )?)?CREATE (TEMP |TEMPORARY )?TRIGGER\b/.test(
    tokens
      .slice(0, 6)
      .map(({ text }) => text)
      .join(' '),
  )

/** What it does: the word it begins with or, after a WITH, that of its main part. */
function verbOf(statement: Token[]): string {
  if (statement[0]?.text !== 'WITH') return statement[0]?.text ?? ''
  let depth = 0
  for (const { text } of statement) {
    if (text === '(') depth++
    if (text === ')') depth--
    if (depth === 0 && /^(SELECT|VALUES|INSERT|REPLACE|UPDATE|DELETE)$/.test(text)) return text
  }
  return ''
}

function parametersOf(statement: Token[]): string[] {
  const found: string[] = []
  for (const { kind, text } of statement) {
    if (kind !== 'parameter' || (text !== '?' && found.includes(text))) continue
    const place = /^\?\d+$/.test(text) ? Number(text.slice(1)) : 0
    while (found.length < place - 1) found.push('?')
    found.push(text)
  }
  return found
}

const verbs =
  /^(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|CREATE|DROP|ALTER|INSERT|REPLACE|UPDATE|DELETE|SELECT|VALUES|WITH|PRAGMA|REINDEX|EXPLAIN)$/
const unsupportedVerbs = /^(VACUUM|ANALYZE|ATTACH|DETACH)$/

/** Pragmas that a replica answers too, those of the primary, and those that may be asked but not set. */
const readingPragmas =
  /^(table_list|index_list|table_info|table_xinfo|index_info|index_xinfo|pragma_list|compile_options|database_list|function_list|module_list|encoding|schema_version)$/i
const pragmas =
  /^(defer_foreign_keys|foreign_keys|foreign_key_list|foreign_key_check|collation_list|data_version|freelist_count|integrity_check|legacy_file_format|page_count|quick_check|stats|user_version)$/i
const askedPragmas =
  /^(schema_version|analysis_limit|application_id|auto_vacuum|automatic_index|busy_timeout|cache_size|cache_spill|cell_size_check|checkpoint_fullfsync|fullfsync|hard_heap_limit|journal_mode|journal_size_limit|legacy_alter_table|locking_mode|max_page_count|mmap_size|page_size|query_only|read_uncommitted|recursive_triggers|reverse_unordered_selects|secure_delete|soft_heap_limit|synchronous|temp_store|threads|trusted_schema|wal_autocheckpoint)$/i

function pragmaOf(statement: Token[]) {
  const [, schemaOrName, mark, name] = statement
  const at = mark?.text === '.' ? 3 : 1
  return { name: (at === 3 ? name : schemaOrName)?.text ?? '', isSet: statement.length > at + 1 }
}

function assertSupported(sql: string, statement: Token[]) {
  const explained = statement[0]?.text === 'EXPLAIN'
  const isPlan = explained && statement[1]?.text === 'QUERY' && statement[2]?.text === 'PLAN'
  const rest = statement.slice(isPlan ? 3 : explained ? 1 : 0)
  const [first, second] = rest
  const verb = first?.text ?? ''
  if (!(verbs.test(verb) || unsupportedVerbs.test(verb)) || (explained && verb === 'EXPLAIN')) {
    throw nearError(sql, first ?? (statement.at(-1) as Token))
  }
  assertGrammar(sql, rest)
  const { name, isSet } = pragmaOf(rest)
  const isPragmaRefused =
    verb === 'PRAGMA' &&
    !pragmas.test(name) &&
    !(askedPragmas.test(name) ? !isSet : readingPragmas.test(name))
  const isTemporary = verb === 'CREATE' && /^TEMP(ORARY)?$/.test(second?.text ?? '')
  if (isPragmaRefused || (!explained && (isTemporary || unsupportedVerbs.test(verb)))) {
    throw parseError(`unsupported statement: ${sql}`)
  }
}

/** A pair of parentheses, or the statement itself. */
interface Level {
  /** It is neither a query nor a window, and so has no ORDER BY in that grammar. */
  isCall: boolean
  isGrouped: boolean
}

/** ORDER BY in an aggregate's call, and HAVING without GROUP BY: newer than the server's grammar. */
function assertGrammar(sql: string, statement: Token[]) {
  const levels: Level[] = [{ isCall: false, isGrouped: false }]
  for (const [at, each] of statement.entries()) {
    const level = levels.at(-1) as Level
    const isWord = each.kind === 'word'
    if (each.text === '(') {
      const isQuery = /^(SELECT|WITH|VALUES)$/.test(statement[at + 1]?.text ?? '')
      const isWindow = /^(OVER|AS)$/.test(statement[at - 1]?.text ?? '')
      levels.push({ isCall: !isQuery && !isWindow, isGrouped: false })
    } else if (each.text === ')') {
      if (levels.length > 1) levels.pop()
    } else if (isWord && each.text === 'SELECT') level.isGrouped = false
    else if (isWord && each.text === 'GROUP') level.isGrouped = true
    else if (isWord && each.text === 'HAVING' && !level.isGrouped) throw nearError(sql, each)
    else if (isWord && each.text === 'ORDER' && level.isCall) throw nearError(sql, each)
  }
}

function nearError(sql: string, { text, end }: Token) {
  const before = sql.slice(0, end)
  const line = before.split('\n').length
  const column = end - before.lastIndexOf('\n')
  return parseError(`near ${text}, "None": syntax error at (${line}, ${column})`)
}
