import { z } from 'zod'
import { type AgentKind, agentKinds } from '~db/vocabulary'
import { addError, type FieldErrors, Invalid } from '../errors'
import { InvalidSettings, type SettingIssue, settingIssues } from './checked-config'
import { agentChangeInput, newAgentInput } from './input'
import { secretMask } from './secrets'
import { argvOf, envLinesOf } from './settings-text'

/**
 * An agent as its form sends it: each setting has a field of its own, named as the setting. What comes out is what JSON
 * sends, so both doors end in the same verbs; what is wrong with a setting is said at its field. Pure.
 */

/** Fields whose values never go back to a browser. */
export const secretFields = ['apiKey', 'env']

type Settings = Record<string, unknown>

/** Its fields by `base`, its settings by its `kind`: all that is wrong with either is said at once. */
const agentForm = <Agent extends { kind: AgentKind }>(base: z.ZodType<Agent>) =>
  z.unknown().transform((sent, context): Agent & { config: Settings } => {
    const fields = sent as Settings
    const agent = base.safeParse(fields)
    const kind = agentKinds.find((each) => each === fields.kind)
    const { settings, issues } = kind ? read(kind, fields) : { settings: {}, issues: [] }
    for (const { path, message } of [...(agent.error?.issues ?? []), ...issues]) {
      context.addIssue({ code: 'custom', path: [...path], message })
    }
    return agent.success ? { ...agent.data, config: settings } : z.NEVER
  })

const plain = newAgentInput.omit({ config: true })

/** A new agent's. */
export const newAgentForm = agentForm(plain)

/** An agent's that is there: all of it, an empty checkbox by its absence. `kind` says only how to read it. */
export const agentChangeForm = agentForm(plain.extend({ version: agentChangeInput.shape.version })).transform(
  ({ kind: _, ...change }) => change,
)

/** Waits for a verb; a setting that it refuses is said at the setting's field. */
export async function atFields<Done>(verb: Promise<Done>): Promise<Done> {
  try {
    return await verb
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error
    const fields: FieldErrors = {}
    for (const { path, message } of error.issues) {
      const [field = '', ...inside] = path.map(String)
      addError(fields, field, inside.length > 0 ? `${inside.join('.')}: ${message}` : message)
    }
    throw new Invalid(fields)
  }
}

/** The settings that the fields spell, and what is wrong with them, by field. */
function read(kind: AgentKind, fields: Settings): { settings: Settings; issues: SettingIssue[] } {
  const { settings, issues, lines } = readers[kind]({
    text: (name) => (typeof fields[name] === 'string' ? fields[name] : ''),
    isTicked: (name) => fields[name] === 'on',
  })
  const bySchema = settingIssues(kind, settings)
    .filter(({ path }) => !issues.some((issue) => issue.path[0] === path[0]))
    .map(({ path: [field = '', inside], message }) => {
      const place = inside === undefined ? '' : (lines?.(String(field), inside) ?? '')
      return { path: [field], message: `${place}${message}` }
    })
  return { settings, issues: [...issues, ...bySchema] }
}

interface Form {
  /** A field's text; empty where it was not sent. */
  text(name: string): string
  isTicked(name: string): boolean
}

interface Reading {
  settings: Settings
  issues: SettingIssue[]
  /** Where in a field of several lines something is, to begin a sentence with. */
  lines?(field: string, inside: PropertyKey): string
}

const filled = (text: string) => text.trim() || undefined
/** A number, or the text that is none, for the schema to refuse. */
const number = (text: string) => {
  const value = Number(text)
  return text.trim() === '' ? undefined : Number.isFinite(value) ? value : text
}

const readers: Record<AgentKind, (form: Form) => Reading> = {
  toolbox: () => ({ settings: {}, issues: [] }),

  openai({ text, isTicked }) {
    const typed = filled(text('apiKey'))
    const isBoth = typed !== undefined && isTicked('removeApiKey')
    const kept = isTicked('apiKeyIsSet') && !isTicked('removeApiKey') ? secretMask : undefined
    return {
      settings: {
        baseUrl: filled(text('baseUrl')),
        model: filled(text('model')),
        apiKey: typed ?? kept,
        instructions: filled(text('instructions'))?.replaceAll('\r\n', '\n'),
        temperature: number(text('temperature')),
        maxOutputTokens: number(text('maxOutputTokens')),
        inputPrice: number(text('inputPrice')),
        outputPrice: number(text('outputPrice')),
        cacheReadPrice: number(text('cacheReadPrice')),
        timeoutSeconds: number(text('timeoutSeconds')),
      },
      issues: isBoth ? [{ path: ['apiKey'], message: 'Give a new key or remove the key, not both.' }] : [],
    }
  },

  command({ text }) {
    const argv = argvOf(text('argv'))
    const env = envLinesOf(text('env'))
    // of two that set the same, the first
    const lineOf = new Map(env.toReversed().map(({ name, line }) => [name, line]))
    return {
      settings: {
        argv: argv ?? [],
        env:
          env.length > 0 ? Object.fromEntries(env.map(({ name, value }) => [name, value ?? ''])) : undefined,
        cwd: filled(text('cwd')),
        timeoutSeconds: number(text('timeoutSeconds')),
        maxOutputBytes: number(text('maxOutputBytes')),
      },
      issues: [
        ...(argv
          ? []
          : [{ path: ['argv'], message: 'This starts like a list in JSON, but is no list of texts.' }]),
        ...env.flatMap(({ line, name, value }) => {
          if (value === null) return [{ path: ['env'], message: `Line ${line}: write NAME=value.` }]
          if (lineOf.get(name) === line) return []
          return [
            { path: ['env'], message: `Line ${line}: line ${lineOf.get(name)} sets the same variable.` },
          ]
        }),
      ],
      lines: (field, inside) =>
        field === 'env' ? `Line ${lineOf.get(String(inside))}: ` : `Argument ${inside.toString()}: `,
    }
  },
}
