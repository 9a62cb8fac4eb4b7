import type { AgentKind } from '~db/vocabulary'
import { changedSecret, changedText, changedWord } from '../changes.server'
import { lookup } from '../lookup'
import { secretSettings } from './secrets'

type Settings = Record<string, unknown>

/** What differs between an agent's settings (JSON text, with its secrets), in words that hold no secret. */
export function configChanges(kind: AgentKind, before: string, after: string): string[] {
  const [was, is] = [before, after].map((config) => new Map(Object.entries(JSON.parse(config) as Settings)))
  const names = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].sort()
  return names.flatMap((name) => {
    const [from, to] = [was?.get(name), is?.get(name)]
    const how = lookup(secretSettings[kind], name)
    if (how === 'itself') return changedSecret(name, from, to)
    if (how === 'each') return eachSecret(name, from, to)
    if (typeof from === 'object' || typeof to === 'object') return changedText(name, json(from), json(to))
    if (typeof from === 'string' || typeof to === 'string') return changedText(name, text(from), text(to))
    return changedWord(name, text(from), text(to))
  })
}

function eachSecret(name: string, from: unknown, to: unknown): string[] {
  const [was, is] = [from, to].map((values) => new Map(Object.entries((values ?? {}) as Settings)))
  const keys = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].sort()
  return keys.flatMap((key) => changedSecret(`${name}.${key}`, was?.get(key), is?.get(key)))
}

const text = (value: unknown) => (value === undefined || value === null ? null : String(value))
const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value))
