import type { z } from 'zod'
import type { AgentKind } from '~db/vocabulary'
import { Invalid } from '../errors'
import { parseAgentConfig } from './config'
import { type Missing, withSecrets } from './secrets'

/** What is wrong with one of an agent's settings. Messages never hold a value. */
export interface SettingIssue {
  path: readonly PropertyKey[]
  message: string
}

/** Settings that are refused: as JSON has it on `config`, each message with its place; a form reads `issues`. */
export class InvalidSettings extends Invalid {
  constructor(readonly issues: SettingIssue[]) {
    super({
      config: issues.map(({ path, message }) =>
        path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message,
      ),
    })
  }
}

const whyMissing: Record<Missing['why'], string> = {
  none_stored: 'There is none stored that could be kept: set it.',
  moved: 'The address changed: give the key again (or remove it).',
}

/** What is wrong with settings of this kind, in sentences; a mask counts as any other text. */
export function settingIssues(kind: AgentKind, settings: unknown): SettingIssue[] {
  const parsed = parseAgentConfig(kind, settings)
  return parsed.success ? [] : issuesOf(parsed.error)
}

/** Of a name that is refused zod says only that it is; why, its own issues say. */
const issuesOf = ({ issues }: z.core.$ZodError): SettingIssue[] =>
  issues.map((issue) => {
    const { message } = (issue.code === 'invalid_key' && issue.issues[0]) || issue
    return { path: issue.path, message: message.replace(/\.?$/, '.') }
  })

/**
 * Settings by the kind's schema, defaults and kept secrets filled in, as JSON text.
 * @param stored the settings of now as JSON text, whose secrets a mask keeps
 * @throws {InvalidSettings}
 */
export function checkedConfig(kind: AgentKind, sent: Record<string, unknown>, stored = '{}'): string {
  const { settings, missing } = withSecrets(kind, sent, JSON.parse(stored) as Record<string, unknown>)
  const parsed = parseAgentConfig(kind, settings)
  const issues = [
    ...(parsed.success ? [] : issuesOf(parsed.error)),
    ...missing.map(({ path, why }) => ({ path, message: whyMissing[why] })),
  ]
  if (parsed.success && issues.length === 0) return JSON.stringify(parsed.data)
  throw new InvalidSettings(issues)
}
