import type { AgentKind } from '~db/vocabulary'
import { lookup } from '../lookup'

/**
 * Secrets in an agent's settings are write-only: whoever reads them gets a mask, and who sends the mask back keeps what
 * is stored. Pure.
 */

/** Stands where a secret is set, in all that is read. */
export const secretMask = '[secret]'

/** A shorter value can't be told from ordinary words, so it is not redacted where an agent repeats it. */
export const shortestSecret = 8

const secretParts =
  /^(?:(?:API|ACCESS|SECRET|PRIVATE)?KEYS?|\w*(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE)|CREDENTIALS?)$/

/** Whether a variable's name says that its value is secret: a whole part of it does, as in `API_KEY` and `dbPassword`. */
export function namesSecret(name: string): boolean {
  return name.split(/_|(?<=[a-z\d])(?=[A-Z])/).some((part) => secretParts.test(part.toUpperCase()))
}

type Settings = Record<string, unknown>

/** Secrets of these settings that are too short to be redacted, each in a sentence. */
export function secretWarnings(kind: AgentKind, settings: Settings): string[] {
  if (kind !== 'command' || !isObject(settings.env)) return []
  return Object.entries(settings.env).flatMap(([name, value]) => {
    const length = typeof value === 'string' ? value.trim().length : 0
    return namesSecret(name) && length > 0 && length < shortestSecret
      ? [
          `${name} is shorter than ${shortestSecret} characters, so it is not redacted where the agent repeats it.`,
        ]
      : []
  })
}

/** Which settings are secret: the setting itself, or each value in it by its name. */
export const secretSettings: Record<AgentKind, Record<string, 'itself' | 'each'>> = {
  toolbox: {},
  command: { env: 'each' },
  openai: { apiKey: 'itself' },
}

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isGone = (value: unknown) => value === null || value === undefined

/** Settings as they may be seen. What is not of the expected shape is masked whole. */
export function masked(kind: AgentKind, settings: Settings): Settings {
  const secret = secretSettings[kind]
  return mapped(settings, (name, value) => {
    const how = lookup(secret, name)
    if (!how) return value
    return how === 'each' && isObject(value) ? mapped(value, () => secretMask) : secretMask
  })
}

const mapped = (object: Settings, change: (name: string, value: unknown) => unknown): Settings =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]))

/** Where a mask was sent that keeps nothing: nothing is stored, or it is for another address. */
export interface Missing {
  path: string[]
  why: 'none_stored' | 'moved'
}

/** A secret that is sent to the address in this setting, and so is kept for the same scheme, host and port only. */
const addressOf: Record<string, string> = { apiKey: 'baseUrl' }

/** Trimmed as the schema trims it; undefined where it can't be read. */
const originOf = (url: unknown) =>
  typeof url === 'string' && URL.canParse(url.trim()) ? new URL(url.trim()).origin : undefined

/** An address that can't be read counts as another. */
function hasMoved(path: string[], sent: Settings, stored: Settings): boolean {
  const address = lookup(addressOf, path.join('.'))
  if (address === undefined) return false
  const origin = originOf(sent[address])
  return origin === undefined || origin !== originOf(stored[address])
}

/**
 * What was sent, with its masks filled in from what is stored. A mask keeps, null and what is left out removes,
 * anything else sets; an empty API key is none. A mask of the key keeps nothing where `baseUrl` leads elsewhere.
 */
export function withSecrets(
  kind: AgentKind,
  sent: Settings,
  stored: Settings,
): { settings: Settings; missing: Missing[] } {
  const missing: Missing[] = []
  const settings = { ...sent }
  for (const [name, how] of Object.entries(secretSettings[kind])) {
    if (isGone(settings[name]) || (how === 'itself' && settings[name] === '')) delete settings[name]
    else if (how === 'itself') settings[name] = filledIn(settings[name], stored, name, [name])
    else if (isObject(settings[name])) settings[name] = filledInEach(name, settings[name])
  }
  return { settings, missing }

  function filledInEach(name: string, values: Settings): Settings {
    const kept = isObject(stored[name]) ? stored[name] : {}
    const given = Object.entries(values).filter(([, value]) => !isGone(value))
    return Object.fromEntries(given.map(([each, value]) => [each, filledIn(value, kept, each, [name, each])]))
  }

  function filledIn(value: unknown, from: Settings, name: string, path: string[]): unknown {
    if (value !== secretMask) return value
    const isStored = Object.hasOwn(from, name)
    if (isStored && !hasMoved(path, sent, stored)) return from[name]
    missing.push({ path, why: isStored ? 'moved' : 'none_stored' })
    return value
  }
}
