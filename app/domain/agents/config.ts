import { z } from 'zod'
import type { AgentKind } from '~db/vocabulary'
import { recordInput } from '../record-input'

/**
 * What each kind of agent can be set to: one zod schema a kind, shared by the form, the JSON door and the adapter.
 * Pure: imports no node module, so a browser may use it.
 */

const noNul = (text: string) => !text.includes('\0')

/** Names what is not known, for somebody who misspelt it. */
const unknownKeys: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys'
    ? `There is no setting ${issue.keys?.map((key) => `“${key}”`).join(', ')} for this kind of agent`
    : undefined

/** The toolbox has nothing to set. */
export const toolboxConfig = z.strictObject({}, { error: unknownKeys })

const argument = z
  .string()
  .max(8192, 'An argument is at most 8,192 characters')
  .refine(noNul, 'An argument cannot hold a NUL character')

/** A program whose own path has a space in it goes on after the space as no argument does. */
const isCommandLine = (program: string) => /^\s*(?:[^\s/]+\s|\S+\s+(?:\S+\s+)*[-/~.{])\s*\S/.test(program)

const argv = z
  .array(argument, 'Give the program and its arguments as a list, such as ["node", "agent.mjs"]')
  .min(1, 'Name the program to run')
  .max(64, 'At most 64 arguments')
  .refine((items) => items.length === 0 || items[0]?.trim() !== '', 'The first item is the program: name it')
  .refine(
    (items) => !isCommandLine(items[0] ?? ''),
    'The program and its arguments are in one: write each as a line, or an item of the list, of its own',
  )

const variableName = z
  .string()
  .max(128, 'A variable name is at most 128 characters')
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable name has letters, digits and _, and starts with no digit')
  .refine((name) => !name.startsWith('DOCKET_'), 'Names that start with DOCKET_ are set by Docket')

const variableValue = z
  .string()
  .max(8192, 'A value is at most 8,192 characters')
  .refine(noNul, 'A value cannot hold a NUL character')

/** An absolute path, which may begin with `{root}`, Docket's own folder. */
const folder = z
  .string()
  .max(4096)
  .refine(noNul, 'A path cannot hold a NUL character')
  .refine(
    (path) => path.startsWith('/') || /^\{root\}(\/|$)/.test(path),
    'Give an absolute path, or one that starts with {root}',
  )

/**
 * A local program.
 * - `argv`: program and arguments, never a shell. `{root}` (Docket's folder) and `{work}` (the attempt's own folder)
 *   are filled in when it runs; other braces stay as they are.
 * - `env`: variables it gets beside the few it always gets (PATH, HOME, ...).
 * - `cwd`: where it runs; without it, in the attempt's own folder.
 * - `timeoutSeconds`: the longest an attempt may take; a job's own limit counts where it is shorter.
 * - `maxOutputBytes`: the most it may write on stdout and stderr together.
 */
export const commandConfig = z.strictObject(
  {
    argv,
    env: recordInput(variableName, variableValue)
      .refine((env) => Object.keys(env).length <= 64, 'At most 64 variables')
      .optional(),
    cwd: folder.optional(),
    timeoutSeconds: z
      .int('Whole seconds')
      .min(1, 'At least 1 second')
      .max(86_400, 'At most 86,400 seconds, a day')
      .default(1800),
    maxOutputBytes: z
      .int('Whole bytes')
      .min(1000, 'At least 1,000 bytes')
      .max(20_000_000, 'At most 20,000,000 bytes')
      // a result of the default limit, and some lines beside it
      .default(12_000_000),
  },
  { error: unknownKeys },
)

const price = z.number('A number, in US dollars').min(0, 'At least 0').max(1_000_000, 'At most 1,000,000')

/** Any server that speaks OpenAI's Chat Completions: a cloud, Ollama, llama-server, vLLM, LM Studio. */
export const openaiConfig = z
  .strictObject(
    {
      /** Up to and without `/chat/completions`, such as `http://127.0.0.1:11434/v1`. */
      baseUrl: z
        .url({ protocol: /^https?$/, error: 'Give a URL such as http://127.0.0.1:11434/v1' })
        .max(2000, 'At most 2,000 characters')
        .refine(
          (url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === '',
          'No user name and password here: a key goes into apiKey',
        )
        .refine((url) => !/[?#]/.test(url), 'Nothing after the path: no ? and no #')
        .refine(
          (url) => !/\/chat\/completions\/*$/.test(url),
          'Leave out /chat/completions: it is added for each call',
        ),
      model: z.string('Name the model').trim().min(1, 'Name the model').max(300, 'At most 300 characters'),
      /** Sent as a bearer token; local servers need none. */
      apiKey: z
        .string()
        .trim()
        .max(8192, 'At most 8,192 characters')
        .regex(/^[\x21-\x7e]*$/, 'A key has letters, digits and signs, and no space within')
        .optional(),
      /** The system message's beginning: who the agent is and how it works. */
      instructions: z.string().max(50_000, 'At most 50,000 characters').optional(),
      temperature: z.number('A number').min(0, 'At least 0').max(2, 'At most 2').optional(),
      maxOutputTokens: z
        .int('A whole number')
        .min(1, 'At least 1')
        .max(10_000_000, 'At most 10,000,000')
        .optional(),
      /** In US dollars a million tokens: what a run cost is estimated from them. */
      inputPrice: price.optional(),
      outputPrice: price.optional(),
      /** Of input tokens that the server had in its cache. Left out: as `inputPrice`. */
      cacheReadPrice: price.optional(),
      timeoutSeconds: z
        .int('Whole seconds')
        .min(1, 'At least 1 second')
        .max(86_400, 'At most 86,400 seconds, a day')
        .default(600),
    },
    { error: unknownKeys },
  )
  .refine(({ inputPrice, outputPrice }) => (inputPrice === undefined) === (outputPrice === undefined), {
    path: ['outputPrice'],
    error: 'Give a price for input and for output, or for neither',
  })

export type ToolboxConfig = z.output<typeof toolboxConfig>
export type CommandConfig = z.output<typeof commandConfig>
export type OpenaiConfig = z.output<typeof openaiConfig>
/** As a person or a script writes it: what has a default may be left out. */
export type CommandConfigInput = z.input<typeof commandConfig>

export const agentConfigSchemas = {
  toolbox: toolboxConfig,
  command: commandConfig,
  openai: openaiConfig,
} as const satisfies Record<AgentKind, z.ZodType>

/** `value` checked as the settings of an agent of this kind: zod's safeParse result, defaults filled in. Never throws. */
export function parseAgentConfig(kind: AgentKind, value: unknown) {
  return agentConfigSchemas[kind].safeParse(value)
}
