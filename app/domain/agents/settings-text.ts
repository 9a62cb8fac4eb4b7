import type { AgentKind } from '~db/vocabulary'

/**
 * An agent's settings as a form spells them: every field is text, by the name of its setting. Pure, and without the
 * schemas: a browser loads it.
 */
export interface SettingsText extends Record<string, string | undefined> {
  argv?: string
  env?: string
  cwd?: string
  timeoutSeconds?: string
  maxOutputBytes?: string
  baseUrl?: string
  model?: string
  /** Never there but in what somebody types. */
  apiKey?: string
  /** `on`: the key that is stored is to go. */
  removeApiKey?: string
  instructions?: string
  temperature?: string
  maxOutputTokens?: string
  inputPrice?: string
  outputPrice?: string
  cacheReadPrice?: string
}

/** Settings, whose secrets are masked already, as text; an API key has none at all. */
export function settingsText(kind: AgentKind, settings: Record<string, unknown>): SettingsText {
  if (kind === 'toolbox') return {}
  const text = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))
  if (kind === 'openai') return { ...text, apiKey: undefined }
  const { argv = [], env = {} } = settings as { argv?: string[]; env?: Record<string, string> }
  return { ...text, argv: argvText(argv), env: envText(env) }
}

/** Looks like a list in JSON, and not like a program. */
const listStart = /^\s*\[\s*"/

const linesOf = (text: string) => text.split(/\r\n|\r|\n/)

/** One argument a line; a list in JSON where lines could not say it (a line break in an argument, an empty one). */
export function argvText(argv: readonly string[]): string {
  const lines = argv.join('\n')
  const back = argvOf(lines)
  // half a surrogate pair is lost in a page
  const isSame = back?.length === argv.length && back.every((each, at) => each === argv[at])
  return isSame && !/\p{Surrogate}/u.test(lines) ? lines : JSON.stringify(argv, null, 2)
}

/** Program and arguments, blank lines left out; null where it starts like a list in JSON and is none of texts. */
export function argvOf(text: string): string[] | null {
  if (!listStart.test(text)) return linesOf(text).filter((line) => line.trim() !== '')
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((each) => typeof each === 'string') ? list : null
  } catch {
    return null
  }
}

const envText = (env: Record<string, string>) =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

/** A variable as it was written: blank lines don't count as variables, but as lines. */
export interface EnvLine {
  /** From 1. */
  line: number
  name: string
  /** Null where the line has no `=`. */
  value: string | null
}

/** Variables, one `NAME=value` a line. */
export const envLinesOf = (text: string): EnvLine[] =>
  linesOf(text).flatMap((whole, at) => {
    if (whole.trim() === '') return []
    const [name = '', ...value] = whole.split('=')
    return [{ line: at + 1, name: name.trim(), value: value.length > 0 ? value.join('=') : null }]
  })
