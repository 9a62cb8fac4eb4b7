import type { AgentKind } from '~db/vocabulary'
import { Invalid } from '../errors'
import { parseAgentConfig } from './config'

/** Settings by the kind's schema, defaults filled in, as JSON text. @throws {Invalid} on `config`, each message with its place */
export function checkedConfig(kind: AgentKind, config: unknown): string {
  const parsed = parseAgentConfig(kind, config)
  if (parsed.success) return JSON.stringify(parsed.data)
  throw new Invalid({
    config: parsed.error.issues.map(({ path, message }) => {
      const place = path.join('.')
      return `${place ? `${place}: ` : ''}${message.replace(/\.?$/, '.')}`
    }),
  })
}
